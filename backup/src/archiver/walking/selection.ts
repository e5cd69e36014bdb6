import { type ByteString, byteString, joinBytes } from "../../byte-string/index.ts";
import { InputError } from "../../error/index.ts";
import { type Directory, type FileStat, hasTagFile, isCacheDirectory } from "../../filesystem/index.ts";
import { createExclude, createExcludeJudge, type ExcludeVerdict } from "../../pattern/index.ts";
import type { Exclusions } from "../backup-options.ts";

/** Decides what is left out. Paths are absolute. */
export interface Selector {
  /** Whether anything is left out for its path. */
  readonly hasPatterns: boolean;
  /** By its path alone, before it is looked at. */
  isExcludedByPath(path: ByteString): boolean;
  /** The same with its reason, which takes longer to find. */
  judgePath(path: ByteString): ExcludeVerdict;
  isExcludedByStat(stat: Pick<FileStat, "type" | "size">): boolean;
  /** Whether only some entries of a directory are taken, because a file in it says so: then only these names. */
  onlyNames(directory: Directory): ReadonlySet<ByteString> | null;
  /** The rules by which that is so, in their order: empty when all is taken. */
  findTags(directory: Directory): readonly FoundTag[];
  /** Whether a directory's content is left out because it lies on another file system than the target it was reached from. */
  isOtherFileSystem(targetDeviceId: bigint, stat: FileStat): boolean;
}

/** A file that says of its directory that the rest of it is left out. */
export interface FoundTag {
  readonly name: ByteString;
  /** Where its rule stands in `ifPresent`, from 0; null for `caches`. */
  readonly position: number | null;
}

/** The decisions of these options. Throws InputError for a malformed pattern or file name. */
export function createSelector(exclude: Exclusions): Selector {
  const patterns = exclude.patterns ?? [];
  const caseInsensitive = exclude.caseInsensitivePatterns ?? [];
  const hasPatterns = patterns.length + caseInsensitive.length > 0;
  const tags = (exclude.ifPresent ?? []).map(parseTag);
  const cacheTag = byteString("CACHEDIR.TAG");
  const largest = exclude.largerThanBytes ?? Number.POSITIVE_INFINITY;
  let judge: ((path: ByteString) => ExcludeVerdict) | undefined;

  function findTags(directory: Directory): FoundTag[] {
    const found: FoundTag[] = [];
    for (const [position, { name, header }] of tags.entries()) {
      if (hasTagFile(directory, name, header)) found.push({ name, position });
    }
    if (exclude.caches === true && isCacheDirectory(directory)) found.push({ name: cacheTag, position: null });
    return found;
  }

  return {
    hasPatterns,
    isExcludedByPath: hasPatterns ? createExclude({ patterns, caseInsensitive }) : () => false,
    judgePath(path) {
      judge ??= createExcludeJudge({ patterns, caseInsensitive });
      return judge(path);
    },
    isExcludedByStat: (stat) => stat.type === "file" && stat.size > largest,
    onlyNames(directory) {
      const found = findTags(directory);
      return found.length === 0 ? null : new Set(found.map(({ name }) => name));
    },
    findTags,
    isOtherFileSystem: (targetDeviceId, stat) => exclude.otherFileSystems === true && stat.deviceId !== targetDeviceId,
  };
}

/** `NAME` or `NAME:HEADER`. */
function parseTag(text: ByteString): { readonly name: ByteString; readonly header: ByteString } {
  const colon = text.indexOf(":");
  const name = joinBytes(colon === -1 ? text : text.slice(0, colon));
  if (name === "" || name.includes("/")) {
    throw new InputError(`exclude-if-present is "${text}"; it must be NAME or NAME:HEADER, and NAME a file's name`);
  }
  return { name, header: joinBytes(colon === -1 ? "" : text.slice(colon + 1)) };
}
