import type { ApplyLine } from "@mycloud/protocol/resource";
import type { Response } from "express";
import { begin, writePiece } from "../http/answer-in-pieces.ts";
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
  await writePiece(response, `${end.slice(0, -1)},"changes":[`);
  let isFirst = true;
  await eachPart(applied, async (lines) => {
    await writePiece(response, `${isFirst ? "" : ","}${lines.replaceAll("\n", ",")}`);
    isFirst = false;
  });
  response.end("]}");
}

/** Writes the changes and the end as lines, behind lines that said how far it was. */
export async function answerAsLines(response: Response, applied: LargeApplied, dryRun: boolean): Promise<void> {
  await eachPart(applied, async (lines) => {
    await writePiece(
      response,
      lines
        .split("\n")
        .map((line) => `{"change":${line}}\n`)
        .join(""),
    );
  });
  response.end(lineOf({ end: endOf(applied, dryRun) }));
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
