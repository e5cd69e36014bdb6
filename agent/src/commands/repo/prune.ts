import type { PruneLimits, PrunePlan } from "@mycloud/backup/prune";
import { Command } from "commander";
import { addExamples, flagsOf, paintFor, type Terminal, write } from "../../command-line/index.ts";
import { addPruneOptions, type PruneFlags, pruneLimits } from "./prune-options.ts";
import { describePlan, planJson } from "./prune-report.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { formatSize } from "./size-text.ts";
import { type OpenedRepository, withRepository } from "./with-repository.ts";

interface PruneVerbFlags extends RepositoryFlags, PruneFlags {
  readonly dryRun?: boolean;
}

/** `mycloud repo prune`. */
export function createPruneVerb(terminal: Terminal): Command {
  const command = new Command("prune")
    .description("Delete data that no snapshot needs any more.")
    .option("-n, --dry-run", "print the plan, and change nothing");
  addPruneOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo prune --dry-run", "what it would do"],
    ["mycloud repo prune --max-unused 0%", "free every byte, whatever work it takes"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<PruneVerbFlags>(command);
    await withRepository(terminal, command, loadPruneEngine, async (opened) => {
      const limits = pruneLimits(flags, opened.engine.pattern.parseSize);
      const isDryRun = flags.dryRun === true;
      const plan = await pruneNow(terminal, opened, limits, isDryRun);
      if (opened.settings.isJson) {
        const message = { message_type: "summary", dry_run: isDryRun, ...planJson(plan) };
        await write(terminal.stdout, `${JSON.stringify(message, undefined, 2)}\n`);
      }
    });
  });
}

/** The part of the engine that `pruneNow` needs. */
export async function loadPruneEngine() {
  const [prune, pattern] = await Promise.all([import("@mycloud/backup/prune"), import("@mycloud/backup/pattern")]);
  return { prune, pattern };
}

/** Prunes and says so to people; returns the plan that was carried out. */
export async function pruneNow(
  terminal: Terminal,
  { repository, engine, settings, display }: OpenedRepository<Awaited<ReturnType<typeof loadPruneEngine>>>,
  limits: PruneLimits,
  isDryRun: boolean,
): Promise<PrunePlan> {
  const isTelling = !settings.isJson && !settings.isQuiet;
  const { plan } = await engine.prune.prune(repository, {
    ...limits,
    isDryRun,
    onPlan: (planned) => {
      if (isTelling) terminal.stdout.write(describePlan(planned, paintFor(terminal)));
    },
    onProgress: display.onProgress,
    retryForMs: settings.retryLockForMs,
    nowMs: terminal.now,
    signal: terminal.signal,
  });
  display.end();
  if (isTelling) {
    const freed = formatSize(plan.totalBytesBefore - plan.totalBytesAfter);
    await write(terminal.stdout, isDryRun ? "nothing was changed (dry run)\n" : `done; ${freed} freed\n`);
  }
  return plan;
}
