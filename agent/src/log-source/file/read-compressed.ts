import { createLineStream } from "../text/line-stream.ts";
import { createTextEncoding, readByteOrderMark } from "../text/text-encoding.ts";
import { type Compression, decompress } from "./compression.ts";
import { emptyPiece, HEAD_BYTES, pieceOf, TAIL_BYTES, tailOf } from "./file-head.ts";
import type { Following } from "./following.ts";
import { handOn } from "./read-turn.ts";
import type { TailedFile } from "./tailed-file.ts";

/** Reads what is behind the offset in a file that rotation has compressed, to its end. Its offset counts bytes of what is inside. Throws where it is broken. */
export async function readCompressed(
  following: Following,
  file: TailedFile,
  { descriptor, compression }: { readonly descriptor: number; readonly compression: Compression },
): Promise<void> {
  let skip = file.offset;
  let stream: ReturnType<typeof createLineStream> | null = null;
  let startedAt = file.offset;
  const use: Parameters<ReturnType<typeof createLineStream>["flush"]>[0] = (lines) =>
    // The stream counts from where it began, a file's turn from its offset.
    handOn(following, file, { ...lines, consumed: startedAt + lines.consumed - file.offset }, emptyPiece);

  file.isBusy = true;
  try {
    let isFirst = true;
    let last = Buffer.alloc(0);
    for await (const piece of decompress(descriptor, compression, following.signal)) {
      const mark = isFirst ? readByteOrderMark(piece) : null;
      if (isFirst) {
        if (file.head.length === 0) file.head = pieceOf(piece.subarray(0, HEAD_BYTES));
        file.encoding = createTextEncoding(mark?.label ?? following.encoding);
        if (startedAt === 0) startedAt = mark?.sizeBytes ?? 0;
        skip = startedAt;
      }
      isFirst = false;
      last = Buffer.concat([last, piece.subarray(-TAIL_BYTES)]).subarray(-TAIL_BYTES);
      if (skip >= piece.length) {
        skip -= piece.length;
        continue;
      }
      stream ??= createLineStream({
        encoding: file.encoding ?? createTextEncoding(following.encoding),
        multiline: following.multiline,
        maximumLines: 4096,
        state: file.state,
      });
      await stream.write(piece.subarray(skip), use);
      skip = 0;
    }
    await stream?.flush(use);
    file.tail = tailOf(last);
  } finally {
    file.isBusy = false;
  }
}
