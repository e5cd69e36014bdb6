import { LinesEnd } from "@mycloud/protocol/snapshot-view";
import type { z } from "zod";

/** Reads a body of JSON lines to its end. Throws Error when it broke off. */
export async function readLines<Line extends z.ZodType>(
  body: AsyncIterable<Uint8Array> | null,
  schema: Line,
): Promise<{ readonly lines: z.infer<Line>[]; readonly isTruncated: boolean }> {
  const parts: Uint8Array[] = [];
  for await (const part of body ?? []) parts.push(part);
  const all = Buffer.concat(parts)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
  const end = LinesEnd.safeParse(all.pop());
  if (!end.success) throw new Error("the repository's answer broke off");
  return { lines: all.map((line) => schema.parse(line)), isTruncated: end.data.end.isTruncated };
}
