import { closeSync, openSync, writeSync } from "node:fs";

const linesAtOnce = 10_000;

/** Writes a log of a web server in the common format: about 110 bytes a line. The same seed makes the same lines. */
export function writeAccessLines(path: string, lines: number, seed = 4711): void {
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return (state >>> 8) % limit;
  };
  const startMs = Date.UTC(2026, 10, 20, 8);
  const file = openSync(path, "w");
  try {
    for (let from = 0; from < lines; from += linesAtOnce) {
      const made: string[] = [];
      for (let number = from; number < Math.min(lines, from + linesAtOnce); number++) {
        const time = new Date(startMs + number).toISOString().slice(11, 19);
        const address = `10.${below(256)}.${below(256)}.${below(256)}`;
        const path = `/api/v1/items/${number}/${below(100_000).toString(36)}`;
        made.push(
          `${address} - - [20/Nov/2026:${time} +0000] "GET ${path}?page=${below(50)} HTTP/1.1" 200 ${below(50_000)} "-" "Mozilla/5.0"\n`,
        );
      }
      writeSync(file, made.join(""));
    }
  } finally {
    closeSync(file);
  }
}
