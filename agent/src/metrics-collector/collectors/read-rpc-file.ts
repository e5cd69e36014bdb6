import { rowsOf } from "../read-kernel-file.ts";

/** The lines of /proc/net/rpc/nfs and nfsd by their first words, as the numbers that follow. Pure. */
export function readRpcFile(text: string): ReadonlyMap<string, readonly number[]> {
  return new Map(Array.from(rowsOf(text), ([key = "", ...words]) => [key, words.map(Number)]));
}

/** The counts of a line that begins with how many follow; undefined where there is no such line, or it is cut off. Pure. */
export function countsOf(line: readonly number[] | undefined): readonly number[] | undefined {
  const [expected, ...counts] = line ?? [];
  return expected === counts.length ? counts : undefined;
}
