import { once } from "node:events";
import type { ApplyLine } from "@mycloud/protocol/resource";
import type { Response } from "express";
import type { LargeApplied } from "./create-applies.ts";

/** What is to be said of a large apply besides its changes. */
export function endOf(
  { summary, skipped }: LargeApplied,
  dryRun: boolean,
): Extract<ApplyLine, { end: unknown }>["end"] {
  const { servicesCreated, servicesRemoved } = summary;
  const verb = dryRun ? "would " : "";
  const notes: string[] = [];
  if (servicesCreated + servicesRemoved > 0) {
    const gone = servicesRemoved > 0 ? `, ${servicesRemoved} ${dryRun ? "go" : "went"}` : "";
    notes.push(`${servicesCreated} services of checks ${verb}${dryRun ? "appear" : "appeared"}${gone}`);
  }
  if (dryRun) notes.push("this is too much to work out who would be told differently");
  if (skipped > 0) {
    notes.push(
      `${skipped} parts could not be carried out because of what somebody else changed meanwhile; the control plane's log says which: apply again`,
    );
  }
  return { dryRun, recipientChanges: [], notes };
}

/** Writes the one JSON answer of `POST /api/v1/apply`, its changes piece by piece. */
export async function answerAsJson(response: Response, applied: LargeApplied, dryRun: boolean): Promise<void> {
  begin(response, "application/json; charset=utf-8");
  const { notes, recipientChanges } = endOf(applied, dryRun);
  const end = JSON.stringify({ dryRun, recipientChanges, notes });
  await write(response, `${end.slice(0, -1)},"changes":[`);
  let isFirst = true;
  await eachPart(applied, async (lines) => {
    await write(response, `${isFirst ? "" : ","}${lines.replaceAll("\n", ",")}`);
    isFirst = false;
  });
  response.end("]}");
}

/** Writes the changes and the end as lines, behind lines that said how far it was. */
export async function answerAsLines(response: Response, applied: LargeApplied, dryRun: boolean): Promise<void> {
  await eachPart(applied, async (lines) => {
    await write(
      response,
      lines
        .split("\n")
        .map((line) => `{"change":${line}}\n`)
        .join(""),
    );
  });
  response.end(lineOf({ end: endOf(applied, dryRun) }));
}

/** Begins an answer that is written piece by piece. */
export function begin(response: Response, contentType: string): void {
  response.status(200);
  response.setHeader("content-type", contentType);
  response.setHeader("cache-control", "no-store, no-transform");
  // nginx would otherwise collect lines before it passes them on.
  response.setHeader("x-accel-buffering", "no");
}

export function lineOf(line: ApplyLine): string {
  return `${JSON.stringify(line)}\n`;
}

async function eachPart({ changes }: LargeApplied, use: (lines: string) => Promise<void>): Promise<void> {
  for (let from = 0; ; ) {
    const part = await changes(from);
    if (part.count === 0) return;
    await use(part.lines);
    from += part.count;
  }
}

async function write(response: Response, text: string): Promise<void> {
  if (response.destroyed) return;
  if (response.write(text)) return;
  // Whoever reads slowly is waited for; whoever is gone is not.
  const gone = new AbortController();
  await Promise.race([
    once(response, "drain", { signal: gone.signal }),
    once(response, "close", { signal: gone.signal }),
  ]);
  gone.abort();
}
