import { byteString, displayText, joinBytes } from "../byte-string/index.ts";
import { instantSeconds, type Node, nanosecondsOf } from "../tree/index.ts";
import type { ArchivedEntry } from "./archived-entry.ts";
import { GatheredBytes } from "./gathered-bytes.ts";
import { preparedEntries } from "./prepared-entries.ts";
import { type ContentSource, readContent } from "./read-content.ts";
import { type TarEntry, tarEnd, tarHeader, tarPadding } from "./tar-header.ts";

/** Content of a large file that is read ahead; a blob has up to 8 MiB. */
const aheadBytes = 2 * 1024 * 1024;

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
  const { source, signal } = tools;
  const output = new GatheredBytes();
  const hasContent = ({ linkOf, node }: ArchivedEntry) => linkOf === null && node.type === "file";
  for await (const batch of preparedEntries(entries, { source, hasContent, signal })) {
    for (const prepared of batch) {
      const { sizeBytes, node } = prepared;
      const entry = tarEntryOf(prepared, sizeBytes);
      if (entry === null) {
        tools.onOmitted(displayText(prepared.path));
        continue;
      }
      tools.onEntry(displayText(prepared.path));
      output.add(tarHeader(entry));
      for await (const bytes of prepared.content ?? largeContent(source, node, signal)) {
        tools.onBytes(bytes.length);
        output.add(bytes);
        if (output.isFull) yield output.take();
      }
      if (sizeBytes > 0) output.add(tarPadding(sizeBytes));
      if (output.isFull) yield output.take();
    }
  }
  output.add(tarEnd());
  yield output.take();
}

function largeContent(source: ContentSource, node: Node, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  return readContent(source, node.content ?? [], { aheadBytes, ...(signal === undefined ? {} : { signal }) });
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
