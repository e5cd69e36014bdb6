import type { Writable } from "node:stream";
import { write } from "../../command-line/index.ts";

/** Writes many lines in few writes, and waits for a slow reader. */
export interface LineWriter {
  line(text: string): Promise<void>;
  /** Writes what is held back. */
  flush(): Promise<void>;
}

const batchCharacters = 65_536;

/** A LineWriter onto this stream. */
export function createLineWriter(stream: Writable): LineWriter {
  let held: string[] = [];
  let length = 0;
  const flush = async () => {
    if (held.length === 0) return;
    const text = `${held.join("\n")}\n`;
    held = [];
    length = 0;
    await write(stream, text);
  };
  return {
    flush,
    line: async (text) => {
      held.push(text);
      length += text.length + 1;
      if (length >= batchCharacters) await flush();
    },
  };
}
