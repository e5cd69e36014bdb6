import { readCompressedHead } from "./compressed-file.ts";
import { beginsWith, type FileHead, readHeadBytes } from "./file-head.ts";

/** Whether an open file, or what is in it when it is compressed, begins with a head. */
export async function descriptorBeginsWith(
  descriptor: number,
  isCompressed: boolean,
  head: FileHead,
  signal: AbortSignal,
): Promise<boolean> {
  const bytes = isCompressed ? await readCompressedHead(descriptor, signal) : readHeadBytes(descriptor);
  return bytes !== null && beginsWith(bytes, head);
}
