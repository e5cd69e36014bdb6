import { type ByteString, byteString, joinBytes } from "../../byte-string/index.ts";
import { InputError } from "../../error/index.ts";
import { type Directory, type FileStat, hasTagFile, isCacheDirectory } from "../../filesystem/index.ts";
import { createExclude } from "../../pattern/index.ts";
import type { Exclusions } from "../backup-options.ts";

/** Decides what is left out. Paths are absolute. */
export interface Selector {
  /** Whether anything is left out for its path. */
  readonly hasPatterns: boolean;
  /** By its path alone, before it is looked at. */
  isExcludedByPath(path: ByteString): boolean;
  isExcludedByStat(stat: Pick<FileStat, "type" | "size">): boolean;
  /** Whether only some entries of a directory are taken, because a file in it says so: then only these names. */
  onlyNames(directory: Directory): ReadonlySet<ByteString> | null;
  /** Whether a directory's content is left out because it lies on another file system than the target it was reached from. */
  isOtherFileSystem(targetDeviceId: bigint, stat: FileStat): boolean;
}

/** The decisions of these options. Throws InputError for a malformed pattern or file name. */
export function createSelector(exclude: Exclusions): Selector {
  const patterns = exclude.patterns ?? [];
  const caseInsensitive = exclude.caseInsensitivePatterns ?? [];
  const hasPatterns = patterns.length + caseInsensitive.length > 0;
  const tags = (exclude.ifPresent ?? []).map(parseTag);
  const cacheTag = byteString("CACHEDIR.TAG");
  const largest = exclude.largerThanBytes ?? Number.POSITIVE_INFINITY;
  return {
    hasPatterns,
    isExcludedByPath: hasPatterns ? createExclude({ patterns, caseInsensitive }) : () => false,
    isExcludedByStat: (stat) => stat.type === "file" && stat.size > largest,
    onlyNames(directory) {
      const found = tags.filter((tag) => hasTagFile(directory, tag.name, tag.header)).map((tag) => tag.name);
      if (exclude.caches === true && isCacheDirectory(directory)) found.push(cacheTag);
      return found.length === 0 ? null : new Set(found);
    },
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
