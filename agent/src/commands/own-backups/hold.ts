import type { HoldRequest } from "@mycloud/protocol/machine";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  flagsOf,
  parseDurationMs,
  parseInstantMs,
  printJson,
  remark,
  type Terminal,
} from "../../command-line/index.ts";
import { addMachineOptions, type MachineFlags } from "../../machine-choice/index.ts";
import { chooseSnapshot, formatLocalTime } from "../../snapshot-choice/index.ts";
import { parseLocalTimeMs } from "../repo/local-time.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { openBackups, snapshotPathOf } from "./view-answers.ts";

interface HoldFlags extends MachineFlags {
  readonly reason?: string;
  readonly until?: string;
  readonly remove?: boolean;
}

/** `mycloud hold SNAPSHOT`. */
export function createHoldCommand(terminal: Terminal): Command {
  const command = new Command("hold")
    .description("Keep a snapshot, whatever the policy's retention says.")
    .argument("<SNAPSHOT>", "the beginning of an id, latest, latest~1, or a time")
    .option("--reason <TEXT>", "why; others see it")
    .option("--until <WHEN>", "only until then: 90d, 2026-12-24, or 2026-12-24T18:00")
    .option("--remove", "keep it no longer than the others");
  addMachineOptions(command);
  addExamples(command, [
    ["mycloud hold latest --reason 'before the move'", "until it is let go"],
    ["mycloud hold 1a2b3c4d --remove", "let it go"],
  ]);
  return command.action(async (word: string) => {
    const flags = flagsOf<HoldFlags>(command);
    const untilMs = flags.until === undefined ? null : untilOf(flags.until, terminal.now());
    const opened = await openBackups(terminal, flags);
    const { id, takenAtMs } = chooseSnapshot(opened.snapshots, word, null, terminal.now());
    const path = `${snapshotPathOf(opened, id)}/hold`;
    const name = `${shortId(id)} of ${formatLocalTime(takenAtMs)}`;
    if (flags.remove) {
      await opened.client.request("DELETE", path);
      if (flags.json) return printJson(terminal, { snapshotId: id, hold: null });
      return remark(terminal, `${name} is kept no longer than the others`);
    }
    const body: HoldRequest = { reason: flags.reason ?? "to be kept", untilMs };
    await opened.client.request("PUT", path, { body });
    if (flags.json) return printJson(terminal, { snapshotId: id, hold: body });
    await remark(terminal, `${name} is kept${untilMs === null ? "" : ` until ${formatLocalTime(untilMs)}`}`);
  });
}

/** When a hold ends: a length of time from now, or a time. Throws CommandError for the past. Pure but for the time zone. */
export function untilOf(text: string, nowMs: number): number {
  const durationMs = parseDurationMs(text.replace(/^\+/, ""));
  const atMs = durationMs === undefined ? (parseInstantMs(text, nowMs) ?? parseLocalTimeMs(text)) : nowMs + durationMs;
  if (atMs !== undefined && atMs > nowMs) return atMs;
  throw new CommandError("usage", `--until is "${text}"; write a time to come: 90d, 2026-12-24 or 2026-12-24T18:00`);
}
