import { statfs } from "node:fs/promises";
import { systemErrorReason } from "../../plugin/explain-system-error.ts";
import { programEnvironment } from "../../program/program-environment.ts";
import { runProgram } from "../../program/run-program.ts";

/** Figures of a file system, in bytes and inodes. `usable` is what ordinary users can fill: used + available. */
export interface Usage {
  readonly usedBytes: number;
  readonly availableBytes: number;
  readonly usedInodes: number;
  /** 0 for file systems that have no fixed number of inodes (btrfs, vfat). */
  readonly totalInodes: number;
}

export type MeasuredUsage = { ok: true; usage: Usage } | { ok: false; reason: string };

/** Asks for the figures of the file system that holds a local path. */
export async function measureLocal(path: string): Promise<MeasuredUsage> {
  try {
    const figures = await statfs(path);
    return {
      ok: true,
      usage: {
        usedBytes: (figures.blocks - figures.bfree) * figures.bsize,
        availableBytes: figures.bavail * figures.bsize,
        usedInodes: figures.files - figures.ffree,
        totalInodes: figures.files,
      },
    };
  } catch (error) {
    return { ok: false, reason: systemErrorReason(error) };
  }
}

const REMOTE_TIMEOUT_MS = 5_000;

/**
 * Asks for the figures of a path whose server may be gone. statfs would then hold one of our four file threads until the server
 * comes back, and the process could not even exit; a `stat` process can be killed.
 */
export async function measureRemote(path: string, signal: AbortSignal): Promise<MeasuredUsage> {
  const outcome = await runProgram({
    file: "stat",
    args: ["-f", "-c", "%S %b %f %a %c %d", "--", path],
    env: programEnvironment(process.env),
    signal: AbortSignal.any([signal, AbortSignal.timeout(REMOTE_TIMEOUT_MS)]),
  });
  if (outcome.isStopped) return { ok: false, reason: "its server does not answer (stale mount)" };
  return parseStat(outcome.stdout) ?? { ok: false, reason: lastPart(outcome.stderr) || "stat printed no figures" };
}

function parseStat(text: string): MeasuredUsage | undefined {
  const numbers = text.trim().split(" ").map(Number);
  const [size, blocks, free, available, inodes, freeInodes] = numbers;
  if (size === undefined || blocks === undefined || free === undefined || available === undefined) return undefined;
  if (inodes === undefined || freeInodes === undefined || numbers.some(Number.isNaN)) return undefined;
  return {
    ok: true,
    usage: {
      usedBytes: (blocks - free) * size,
      availableBytes: available * size,
      usedInodes: inodes - freeInodes,
      totalInodes: inodes,
    },
  };
}

function lastPart(message: string): string {
  return message.trim().split(": ").at(-1) ?? "";
}
