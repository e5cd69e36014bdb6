import { readFileSync } from "node:fs";

/** One swap device or file, in bytes. */
export interface SwapArea {
  readonly name: string;
  readonly sizeBytes: number;
  readonly usedBytes: number;
}

/** Reads `/proc/swaps`; an empty list where swapping is off or not built in. */
export function readSwaps(procRoot: string): SwapArea[] {
  let text: string;
  try {
    text = readFileSync(`${procRoot}/swaps`, "utf8");
  } catch (error) {
    // A kernel without CONFIG_SWAP has no such file.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [name, , size, used] = line.split(/\s+/);
      if (name === undefined || name === "" || used === undefined) return [];
      return [{ name, sizeBytes: Number(size) * 1024, usedBytes: Number(used) * 1024 }];
    });
}
