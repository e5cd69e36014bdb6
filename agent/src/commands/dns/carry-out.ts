import { ZoneChangeAnswer } from "@mycloud/protocol/dns-zone";
import type { z } from "zod";
import { type ApiClient, parseAnswer } from "../../client/index.ts";
import { CommandError, exitCode, printJson, remark, type Terminal, write } from "../../command-line/index.ts";
import { confirm } from "../confirm.ts";
import { describeChange } from "./describe-change.ts";

export interface CarryOutFlags {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** What a change is asked with: once to see what it would be, once to make it of the zone that was seen. */
export type AskChange = (isPreview: boolean, headers: Readonly<Record<string, string>>) => Promise<unknown>;

/**
 * Shows what a change comes to, asks, and makes it. With `--dry-run` it stays with showing; `--yes` does not ask; without a terminal nobody is asked.
 * `shape` is that of the answers.
 */
export async function carryOut<Shape extends z.ZodType<ZoneChangeAnswer>>(
  terminal: Terminal,
  flags: CarryOutFlags,
  shape: Shape,
  ask: AskChange,
): Promise<void> {
  const raw = await ask(true, {});
  const preview = parseAnswer(shape, raw);
  const isNothing = preview.differenceCount === 0 && preview.settings === null;
  const faults = faultsOf(raw);
  const shown = [...noteOf(raw), ...describeChange(preview)];
  if (flags.dryRun || isNothing || faults.length > 0) {
    if (flags.json) await printJson(terminal, raw);
    else await write(terminal.stdout, `${[...faults, ...shown].join("\n")}\n`);
    if (faults.length > 0)
      throw new CommandError(
        "input",
        `${faults.length === 1 ? "a line" : `${faults.length} lines`} cannot be read; nothing was changed`,
      );
    return;
  }
  if (!flags.json) await write(terminal.stdout, `${shown.join("\n")}\n`);
  if (!flags.yes && !(await confirm(terminal, "make this change?"))) {
    await remark(terminal, "nothing was changed");
    return;
  }
  // Of the zone as it was shown, or not at all.
  const made = await ask(false, { "if-match": `"${preview.revision - 1}"` });
  if (flags.json) return printJson(terminal, made);
  const { revision, serial } = parseAnswer(ZoneChangeAnswer.loose(), made);
  await remark(terminal, `change ${revision} is made; serial ${serial}`);
}

/** A zone that is not there yet is no change of one. */
function noteOf(answer: unknown): string[] {
  const isNew = typeof answer === "object" && answer !== null && "isNew" in answer && answer.isNew === true;
  return isNew ? ["there is no such zone yet: it is made of the file"] : [];
}

function faultsOf(answer: unknown): string[] {
  const faults = typeof answer === "object" && answer !== null && "faults" in answer ? answer.faults : [];
  if (!Array.isArray(faults)) return [];
  return faults.map((fault: { line?: unknown; message?: unknown }) => `line ${fault.line}: ${fault.message}`);
}

/** The path of a zone, and what is below it. */
export function zonePath(zone: string, ...rest: readonly string[]): string {
  return ["/api/v1/dns/zones", ...[zone, ...rest].map(encodeURIComponent)].join("/");
}

/** What a zone or RRset is at present; null where there is none. */
export async function getOrNull(client: ApiClient, path: string): Promise<unknown> {
  try {
    return await client.request("GET", path);
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === exitCode("notFound")) return null;
    throw error;
  }
}
