import { readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import {
  type JsonOf,
  readCount,
  readNullable,
  readNumber,
  readObject,
  readOneOf,
  readText,
  readWithDefault,
} from "../kept-json/index.ts";
import { changeCheckpoint, type KeptCheckpoint, readSourceCheckpoint } from "./checkpoint.ts";

/** What a line of `checkpoints.log` says of a source. */
const readSourceLine = readObject({
  source: readText,
  /** Nothing of what was said before holds. */
  isAnew: readWithDefault(readOneOf(["yes", "no"]), "no"),
  parts: readSourceCheckpoint,
  /** Behind these parts all that came with this chunk and those before it is said; null while more follows, and for a source that is forgotten. */
  upTo: readNullable(readObject({ sequence: readCount, chunkId: readText, unusedSinceMs: readNullable(readNumber) })),
});
export type SourceLine = JsonOf<typeof readSourceLine>;

const version = 2;
const readFirstLine = readObject({ version: readCount });

/** The line that a file begins with, and the one behind which it goes on with changes. */
export const firstLine = { version };
export const wholeLine = { whole: true };

/** Checksum in hexadecimal digits, a space. */
const prefixBytes = 9;
const lineEnd = 0x0a;

/** A line with its checksum. Pure. */
export function formatLine(content: object): Buffer {
  const json = JSON.stringify(content);
  return Buffer.from(`${prefixOf(json)}${json}\n`);
}

function prefixOf(json: string | Buffer): string {
  return `${crc32(json).toString(16).padStart(8, "0")} `;
}

/**
 * Reads the kept checkpoints; none when there is no file. What is torn at the end of the changes was not yet relied on. Throws when it is damaged before
 * those: reading everything again would be worse than to say so.
 */
export async function readCheckpoints(path: string): Promise<Map<string, KeptCheckpoint>> {
  try {
    return parseCheckpoints(await readFile(path));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw error;
  }
}

/** As `readCheckpoints`, of bytes. Pure. */
export function parseCheckpoints(bytes: Buffer): Map<string, KeptCheckpoint> {
  const kept = new Map<string, KeptCheckpoint>();
  let isWhole = false;
  let at = 0;
  for (let line = parseLine(bytes, at); line !== null; line = parseLine(bytes, at)) {
    if (at === 0) {
      if (readFirstLine(line.content).version !== version)
        throw new Error("the checkpoints of logs are of another version");
    } else if (isWholeMark(line.content)) isWhole = true;
    else applyLine(kept, readSourceLine(line.content));
    at = line.end;
  }
  if (!isWhole) throw new Error("the checkpoints of logs are damaged");
  return kept;
}

function isWholeMark(content: unknown): boolean {
  return typeof content === "object" && content !== null && "whole" in content;
}

/** Null when there is none, or it is not as it was written. */
function parseLine(bytes: Buffer, at: number): { readonly content: unknown; readonly end: number } | null {
  const end = bytes.indexOf(lineEnd, at);
  if (end < at + prefixBytes) return null;
  const json = bytes.subarray(at + prefixBytes, end);
  if (bytes.toString("latin1", at, at + prefixBytes) !== prefixOf(json)) return null;
  return { content: JSON.parse(json.toString()), end: end + 1 };
}

function applyLine(kept: Map<string, KeptCheckpoint>, { source, isAnew, parts, upTo }: SourceLine): void {
  if (isAnew === "yes") kept.delete(source);
  if (upTo === null && Object.keys(parts).length === 0) return;
  const before = kept.get(source) ?? { sequence: 0, chunkId: "", parts: {}, unusedSinceMs: null };
  changeCheckpoint(before.parts, parts);
  kept.set(source, { ...before, ...upTo });
}
