import { StringDecoder } from "node:string_decoder";
import { InputError } from "../error/index.ts";
import { refuseHostileJson } from "../http/plain-json.ts";

const maximumItems = 1_000_000;

/** Reads values written one of JSON a line, from bytes cut anywhere. */
export interface LineReader {
  /** Answers how many values there are so far. Throws InputError for a line that is no JSON. */
  take(bytes: Uint8Array): number;
  /** All values; the last line needs no end. */
  items(): readonly unknown[];
}

/** Makes a reader that has read nothing. */
export function createLineReader(): LineReader {
  const decoder = new StringDecoder("utf8");
  const items: unknown[] = [];
  let rest = "";
  let lineNumber = 0;

  function add(line: string): void {
    lineNumber++;
    if (line.trim() === "") return;
    let item: unknown;
    try {
      item = JSON.parse(line);
    } catch (error) {
      throw new InputError(`line ${lineNumber} is not JSON: ${error instanceof Error ? error.message : error}`);
    }
    refuseHostileJson(item);
    if (items.length >= maximumItems) throw new InputError(`there are more than ${maximumItems} definitions`);
    items.push(item);
  }

  return {
    take(bytes) {
      const pieces = (rest + decoder.write(Buffer.from(bytes))).split("\n");
      rest = pieces.pop() ?? "";
      for (const line of pieces) add(line);
      return items.length;
    },
    items() {
      const last = rest + decoder.end();
      rest = "";
      add(last);
      return items;
    },
  };
}
