import { type ResourceKind, resourceKinds } from "@mycloud/protocol/resource";
import { z } from "zod";
import { CommandError } from "../command-line/index.ts";
import type { ApiClient } from "./api-client.ts";
import { linesOf } from "./lines-of.ts";
import { parseAnswer } from "./list-all.ts";

/** What a definition is told by; whoever needs more parses it. */
const Named = z.looseObject({ kind: z.enum(resourceKinds), name: z.string(), host: z.string().optional() });

const Line = z.union([
  z.object({ definition: Named, written: Named.optional() }),
  z.object({ end: z.object({ definitions: z.number().int() }) }),
]);

/** A stored definition with all its fields, and how files have it. */
export interface Exported {
  readonly definition: z.infer<typeof Named>;
  readonly written: z.infer<typeof Named>;
}

/**
 * Reads what is defined, of these kinds, one after the other, however much there is: a set as of one moment. Throws CommandError, also when the answer ends
 * before it is whole: what is missing must not pass for what was never there.
 */
export async function* readExport(
  client: ApiClient,
  kinds: readonly ResourceKind[] = resourceKinds,
): AsyncGenerator<Exported, undefined> {
  const query = kinds.length === resourceKinds.length ? {} : { kind: kinds.join(",") };
  const response = await client.open("/api/v1/export-stream", { query });
  let count = 0;
  try {
    for await (const text of linesOf(response)) {
      const line = parseAnswer(Line, JSON.parse(text));
      if ("end" in line) {
        if (line.end.definitions === count) return;
        break;
      }
      count++;
      yield { definition: line.definition, written: line.written ?? line.definition };
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    // The connection broke, in the middle of a line perhaps.
  }
  throw new CommandError("tryAgain", "the control plane's answer ended before all definitions were told; try again");
}
