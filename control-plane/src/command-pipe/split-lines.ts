import { StringDecoder } from "node:string_decoder";

/** What a chunk completed. `tooLong` counts lines that were longer than allowed and are dropped. */
export interface CompletedLines {
  readonly lines: string[];
  readonly tooLong: number;
}

/**
 * Cuts a stream of bytes into lines, keeping an unfinished one for the next chunk. A line beyond `maximumBytes` is dropped up to its end, so that
 * memory stays bounded whatever is written.
 */
export function createLineSplitter(maximumBytes: number): (chunk: Buffer) => CompletedLines {
  const decoder = new StringDecoder("utf8");
  let unfinished = "";
  let isDropping = false;
  return (chunk) => {
    const lines: string[] = [];
    let tooLong = 0;
    const parts = decoder.write(chunk).split("\n");
    for (const [index, part] of parts.entries()) {
      const isFinished = index < parts.length - 1;
      if (!isDropping) unfinished += part;
      if (!isDropping && unfinished.length > maximumBytes) {
        isDropping = true;
        unfinished = "";
        tooLong++;
      }
      if (!isFinished) continue;
      if (!isDropping && unfinished.trim() !== "") lines.push(unfinished);
      unfinished = "";
      isDropping = false;
    }
    return { lines, tooLong };
  };
}
