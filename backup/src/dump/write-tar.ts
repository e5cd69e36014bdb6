import { byteString, displayText, joinBytes } from "../byte-string/index.ts";
import { instantSeconds, nanosecondsOf } from "../tree/instant.ts";
import type { ArchivedEntry } from "./archived-entry.ts";
import { type ContentSource, contentLength, readContent } from "./read-content.ts";
import { type TarEntry, tarEnd, tarHeader, tarPadding } from "./tar-header.ts";

export interface ArchiveTools {
  readonly source: ContentSource;
  readonly signal: AbortSignal | undefined;
  /** Told of what an archive cannot hold. */
  readonly onOmitted: (path: string) => void;
  readonly onEntry: (path: string) => void;
  readonly onBytes: (bytes: number) => void;
}

/** The bytes of a tar archive of these entries. */
export async function* tarOf(entries: AsyncIterable<ArchivedEntry>, tools: ArchiveTools): AsyncGenerator<Uint8Array> {
  for await (const archived of entries) {
    const content = archived.linkOf === null && archived.node.type === "file" ? (archived.node.content ?? []) : [];
    const size = contentLength(tools.source, content);
    const entry = tarEntryOf(archived, size);
    if (entry === null) {
      tools.onOmitted(displayText(archived.path));
      continue;
    }
    tools.onEntry(displayText(archived.path));
    yield tarHeader(entry);
    if (size === 0) continue;
    const { signal } = tools;
    for await (const bytes of readContent(tools.source, content, signal === undefined ? {} : { signal })) {
      tools.onBytes(bytes.length);
      yield bytes;
    }
    yield tarPadding(size);
  }
  yield tarEnd();
}

/** Null for what tar has no form of. */
function tarEntryOf({ path, node, linkOf }: ArchivedEntry, size: number): TarEntry | null {
  if (node.type === "socket" || node.type === "irregular") return null;
  const device = BigInt(node.device ?? 0);
  return {
    path: node.type === "dir" ? joinBytes(path, "/") : path,
    type: linkOf === null ? node.type : "link",
    mode: node.mode,
    uid: node.uid,
    gid: node.gid,
    user: byteString(node.user ?? ""),
    group: byteString(node.group ?? ""),
    size,
    mtimeSeconds: instantSeconds(node.mtime),
    mtimeNanoseconds: nanosecondsOf(node.mtime),
    linkTarget: linkOf ?? node.linkTarget ?? joinBytes(""),
    device: deviceNumbers(device),
    extendedAttributes: (linkOf === null ? (node.extendedAttributes ?? []) : []).map(({ name, value }) => ({
      name,
      value: Buffer.from(value, "base64"),
    })),
  };
}

/** As glibc's major(3) and minor(3). */
function deviceNumbers(device: bigint): { readonly major: number; readonly minor: number } {
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)),
    minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
  };
}
