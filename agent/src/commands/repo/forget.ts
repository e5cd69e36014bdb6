import type { ForgetGroup, ForgetOptions, ForgetResult } from "@mycloud/backup/forget";
import type { RetentionPolicy } from "@mycloud/backup/retention";
import { Command } from "commander";
import { addExamples, CommandError, flagsOf, printJson, type Terminal, write } from "../../command-line/index.ts";
import { loadPruneEngine, pruneNow } from "./prune.ts";
import { addPruneOptions, type PruneFlags, pruneLimits } from "./prune-options.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { addRetentionOptions, type RetentionFlags, retentionPolicy } from "./retention-options.ts";
import { counted } from "./size-text.ts";
import {
  addSnapshotOptions,
  type GroupKey,
  groupKeysOf,
  type SnapshotFlags,
  snapshotFilter,
} from "./snapshot-options.ts";
import { printGroupHeading, printSnapshots, shortId, snapshotJson } from "./snapshot-table.ts";
import { type OpenedRepository, withRepository } from "./with-repository.ts";

interface ForgetFlags extends RepositoryFlags, SnapshotFlags, RetentionFlags, PruneFlags {
  readonly groupBy?: GroupKey[];
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/** `mycloud repo forget`. */
export function createForgetVerb(terminal: Terminal): Command {
  const command = new Command("forget")
    .description("Drop snapshots, by a policy or by name. What is held stays. Their data stays until prune.")
    .argument("[SNAPSHOT...]", "exactly these instead of a policy");
  addRetentionOptions(command)
    .option("-g, --group-by <KEYS>", "apply the policy to each host,paths,tags apart (default host,paths)", groupKeysOf)
    .option("-n, --dry-run", "say what would go, and change nothing")
    .option("--prune", "prune afterwards, when something went");
  addPruneOptions(command);
  addSnapshotOptions(command, false);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo forget -d 7 -w 5 -m 12 --prune", "a week of days, five weeks, a year of months"],
    ["mycloud repo forget --keep-within 30d --dry-run", "what a month of everything would drop"],
  ]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<ForgetFlags>(command);
    await withRepository(terminal, command, loadEngine, async (opened) => {
      const { repository, engine, settings, display } = opened;
      const what = whatOf(specifiers, retentionPolicy(flags, engine.retention.parseCalendarDuration));
      const limits = pruneLimits(flags, engine.pattern.parseSize);
      const isDryRun = flags.dryRun === true;
      const isTelling = !settings.isJson && !settings.isQuiet;
      const result = await engine.forget.forget(repository, {
        what,
        ...(flags.groupBy === undefined ? {} : { groupBy: flags.groupBy }),
        filter: snapshotFilter(flags),
        isDryRun,
        retryForMs: settings.retryLockForMs,
        nowMs: terminal.now(),
        signal: terminal.signal,
      });
      await report(terminal, opened, result, { isDryRun, isByName: "snapshots" in what });
      if (flags.prune && result.removed.length > 0) {
        if (isTelling) await write(terminal.stdout, "\n");
        await pruneNow(terminal, opened, limits, false);
      } else if (flags.prune && isDryRun && isTelling) {
        display.note("prune would follow; what it frees is known when the snapshots are gone");
      }
      if (result.held.length > 0 && "snapshots" in what) {
        const held = counted(result.held.length, "snapshot");
        throw new CommandError("notAllowed", `${held} held; mycloud repo hold remove ends a hold`);
      }
      if (result.failed.length > 0) {
        throw new CommandError("incomplete", `${counted(result.failed.length, "snapshot")} could not be removed`);
      }
    });
  });
}

function whatOf(specifiers: readonly string[], policy: RetentionPolicy | null): ForgetOptions["what"] {
  if (specifiers.length > 0 && policy !== null) {
    throw new CommandError("usage", "snapshots are named and a policy is given; give one of them");
  }
  if (policy !== null) return { policy };
  if (specifiers.length > 0) return { snapshots: specifiers };
  throw new CommandError("usage", "what to keep? Give --keep-daily 7 or another --keep option, or name snapshots");
}

async function loadEngine() {
  const [forget, retention, prune] = await Promise.all([
    import("@mycloud/backup/forget"),
    import("@mycloud/backup/retention"),
    loadPruneEngine(),
  ]);
  return { forget, retention, ...prune };
}

async function report(
  terminal: Terminal,
  { settings, display }: OpenedRepository<unknown>,
  result: ForgetResult,
  { isDryRun, isByName }: { readonly isDryRun: boolean; readonly isByName: boolean },
): Promise<void> {
  if (settings.isJson) await printJson(terminal, result.groups.map(groupJson));
  else if (!settings.isQuiet) await printGroups(terminal, result, isDryRun, isByName);
  for (const { snapshot, reason } of result.held) display.note(`${shortId(snapshot.id)} stays: held, ${reason}`);
  for (const { snapshot, message } of result.failed) display.note(`mycloud: ${shortId(snapshot.id)}: ${message}`);
}

async function printGroups(
  terminal: Terminal,
  result: ForgetResult,
  isDryRun: boolean,
  isByName: boolean,
): Promise<void> {
  if (!isByName) {
    for (const group of result.groups) {
      await printGroupHeading(terminal, group);
      if (group.keep.length > 0) {
        await write(terminal.stdout, `keep ${counted(group.keep.length, "snapshot")}\n`);
        const notes = new Map(group.keep.map(({ snapshot, reasons }) => [snapshot.id, reasons.join(", ")]));
        await printSnapshots(terminal, group.keep.map(({ snapshot }) => snapshot).toReversed(), { notes });
      }
      if (group.remove.length > 0) {
        await write(
          terminal.stdout,
          `${isDryRun ? "would remove" : "remove"} ${counted(group.remove.length, "snapshot")}\n`,
        );
        await printSnapshots(terminal, group.remove.toReversed());
      }
      await write(terminal.stdout, "\n");
    }
  }
  const going = isDryRun ? result.groups.reduce((sum, group) => sum + group.remove.length, 0) : result.removed.length;
  const removed = counted(going, "snapshot");
  await write(terminal.stdout, isDryRun ? `would remove ${removed} (dry run)\n` : `removed ${removed}\n`);
}

/** A group in restic's shape. */
function groupJson(group: ForgetGroup): Readonly<Record<string, unknown>> {
  return {
    tags: group.tags,
    host: group.host ?? "",
    paths: group.paths,
    keep: group.keep.map(({ snapshot }) => snapshotJson(snapshot)),
    remove: group.remove.map(snapshotJson),
    reasons: group.keep.map(({ snapshot, reasons }) => ({ snapshot: snapshotJson(snapshot), matches: reasons })),
  };
}
