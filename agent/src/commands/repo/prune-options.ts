import type { PruneLimits, UnusedLimit } from "@mycloud/backup/prune";
import type { Command } from "commander";
import { CommandError } from "../../command-line/index.ts";

/** How prune weighs work against space. */
export interface PruneFlags {
  readonly maxUnused?: string;
  readonly maxRepackSize?: string;
  readonly repackSmall?: boolean;
  readonly repackCacheableOnly?: boolean;
}

/** Adds the options of prune, which `forget --prune` has too. */
export function addPruneOptions(command: Command): Command {
  return command
    .option("--max-unused <LIMIT>", "unused data that may stay: 5%, 10G or unlimited (default 5%)")
    .option("--max-repack-size <SIZE>", "rewrite packs of so many bytes at most, e.g. 50G")
    .option("--repack-small", "also rewrite packs that are much too small")
    .option("--repack-cacheable-only", "rewrite only packs of directories");
}

/** The limits those options mean. Throws CommandError. */
export function pruneLimits(flags: PruneFlags, parseSize: (text: string, option: string) => number): PruneLimits {
  const { maxUnused, maxRepackSize } = flags;
  return {
    ...(maxUnused === undefined ? {} : { maxUnused: unusedLimit(maxUnused, parseSize) }),
    ...(maxRepackSize === undefined ? {} : { maxRepackBytes: parseSize(maxRepackSize, "--max-repack-size") }),
    repackSmall: flags.repackSmall === true,
    repackCacheableOnly: flags.repackCacheableOnly === true,
  };
}

function unusedLimit(text: string, parseSize: (text: string, option: string) => number): UnusedLimit {
  if (text.toLowerCase() === "unlimited") return { isUnlimited: true };
  if (!text.endsWith("%")) return { bytes: parseSize(text, "--max-unused") };
  const percent = Number(text.slice(0, -1));
  if (text.length > 1 && percent >= 0 && percent < 100) return { percentOfRepository: percent };
  throw new CommandError("usage", `--max-unused is "${text}"; write 0% to 99%, a size such as 10G, or unlimited`);
}
