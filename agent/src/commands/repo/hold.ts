import { userInfo } from "node:os";
import type { Hold } from "@mycloud/backup/hold";
import { Command } from "commander";
import {
  addExamples,
  CommandError,
  commandGroup,
  durationMs,
  flagsOf,
  formatAge,
  formatInstant,
  printable,
  printJson,
  printTable,
  remark,
  type Terminal,
} from "../../command-line/index.ts";
import { parseLocalTimeMs } from "./local-time.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter, thisHost } from "./snapshot-options.ts";
import { shortId } from "./snapshot-table.ts";
import { withRepository } from "./with-repository.ts";

/** `mycloud repo hold add|list|remove`. */
export function createHoldVerb(terminal: Terminal): Command {
  return commandGroup("hold", "Keep snapshots from being forgotten, with a reason and an end.", [
    holdAdd(terminal),
    holdList(terminal),
    holdRemove(terminal),
  ]);
}

interface HoldAddFlags extends RepositoryFlags, SnapshotFlags {
  readonly reason: string;
  readonly for?: number;
  readonly until?: string;
}

function holdAdd(terminal: Terminal): Command {
  const command = new Command("add")
    .description("Hold snapshots: no forget removes them until the hold ends or is removed.")
    .argument("<SNAPSHOT...>", "ids, their beginnings, or latest")
    .requiredOption("--reason <TEXT>", "why, for those who wonder later")
    .option("--for <DURATION>", "ends after this time, e.g. 90d", durationMs)
    .option("--until <TIME>", "ends then, e.g. 2027-12-31 (default: no end)");
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [["mycloud repo hold add latest --reason 'before the upgrade' --for 90d", "three months"]]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<HoldAddFlags>(command);
    const untilMs = endOf(flags, terminal.now());
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const added: Hold[] = [];
      for (const specifier of specifiers) {
        const filter = snapshotFilter(flags);
        const { snapshot } = await engine.snapshot.resolveSnapshot(repository, specifier, filter, terminal.signal);
        const hold: Hold = {
          snapshot: snapshot.id,
          reason: flags.reason,
          untilMs,
          createdAtMs: terminal.now(),
          createdBy: `${userInfo().username}@${thisHost(terminal.environment)}`,
        };
        await engine.hold.addHold(repository.backend, hold, terminal.signal);
        added.push(hold);
        const end = untilMs === null ? "" : ` until ${formatInstant(untilMs)}`;
        if (!settings.isJson && !settings.isQuiet)
          await remark(terminal, `snapshot ${shortId(snapshot.id)} is held${end}`);
      }
      if (settings.isJson) await printJson(terminal, added.map(holdJson));
    });
  });
}

function endOf(flags: HoldAddFlags, nowMs: number): number | null {
  if (flags.for !== undefined && flags.until !== undefined) {
    throw new CommandError("usage", "--for and --until both say when the hold ends; give one of them");
  }
  if (flags.for !== undefined) return nowMs + flags.for;
  if (flags.until === undefined) return null;
  const atMs = parseLocalTimeMs(flags.until);
  if (atMs === undefined) {
    throw new CommandError("usage", `--until is "${flags.until}"; write 2027-12-31 or 2027-12-31T18:00`);
  }
  return atMs;
}

function holdList(terminal: Terminal): Command {
  const command = new Command("list").description("List holds, also those that have ended.");
  addRepositoryOptions(command);
  return command.action(async () => {
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const holds = await engine.hold.listHolds(repository.backend, terminal.signal);
      if (settings.isJson) return printJson(terminal, holds.map(holdJson));
      const nowMs = terminal.now();
      const ends = (hold: Hold) => {
        if (hold.untilMs === null) return "never";
        return engine.hold.isInForce(hold, nowMs) ? formatInstant(hold.untilMs) : "ended";
      };
      await printTable(
        terminal,
        [
          { heading: "SNAPSHOT", cell: ({ snapshot }) => shortId(snapshot) },
          { heading: "ENDS", cell: ends },
          { heading: "SINCE", cell: ({ createdAtMs }) => formatAge(createdAtMs, nowMs), align: "right" },
          { heading: "BY", cell: ({ createdBy }) => printable(createdBy) },
          { heading: "REASON", cell: ({ reason }) => printable(reason) },
        ],
        holds,
        "no hold",
      );
    });
  });
}

function holdRemove(terminal: Terminal): Command {
  const command = new Command("remove")
    .description("End holds now.")
    .argument("<SNAPSHOT...>", "ids of held snapshots, or their beginnings");
  addRepositoryOptions(command);
  return command.action(async (specifiers: string[]) => {
    await withRepository(terminal, command, loadEngine, async ({ repository, engine, settings }) => {
      const holds = await engine.hold.listHolds(repository.backend, terminal.signal);
      for (const specifier of specifiers) {
        const found = holds.filter(({ snapshot }) => snapshot.startsWith(specifier));
        const [hold] = found;
        if (hold === undefined)
          throw new CommandError("notFound", `no snapshot ${specifier} is held; see mycloud repo hold list`);
        if (found.length > 1)
          throw new CommandError(
            "input",
            `${specifier} is the beginning of ${found.length} held snapshots; write more of it`,
          );
        await engine.hold.removeHold(repository.backend, hold.snapshot, terminal.signal);
        if (!settings.isJson && !settings.isQuiet)
          await remark(terminal, `snapshot ${shortId(hold.snapshot)} is not held any more`);
      }
      if (settings.isJson) await printJson(terminal, { removed: specifiers });
    });
  });
}

async function loadEngine() {
  const [hold, snapshot] = await Promise.all([import("@mycloud/backup/hold"), import("@mycloud/backup/snapshot")]);
  return { hold, snapshot };
}

function holdJson({ snapshot, reason, untilMs, createdAtMs, createdBy }: Hold): Readonly<Record<string, unknown>> {
  return {
    snapshot,
    reason,
    until: untilMs === null ? null : new Date(untilMs).toISOString(),
    created: new Date(createdAtMs).toISOString(),
    created_by: createdBy,
  };
}
