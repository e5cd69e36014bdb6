import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeFileDurably } from "../../durable-file/index.ts";

/** How far the wall clock may seem to have gone on while the server was not running, in ms: two days. */
const maximumStepAtStartMs = 2 * 24 * 3600 * 1000;

const ClockFile = z.object({ uptimeMs: z.number().min(0), cautiousMs: z.number() });

/** Time that no change of the machine's clock can hurry. */
export interface ServerClock {
  /** How long this state directory has been served, over every start, in ms. What the trash counts in. */
  uptimeMs(): number;
  /**
   * Unix time in ms that is never ahead of the wall clock's honest course: it follows the wall clock at no more than twice the speed of
   * time, and stands while that is behind. What holds end by.
   */
  cautiousNowMs(): number;
  /** Corrects an uptime that is behind what was written with it: the clock's file was lost. */
  atLeast(uptimeMs: number): void;
  /** Writes both down; what was not written is lost at a crash, so that deletions come later, never earlier. */
  persist(): Promise<void>;
}

/** What a clock goes by. */
export interface ClockSource {
  /** Unix time in ms; may jump. */
  readonly now: () => number;
  /** ms; never jumps. */
  readonly monotonicNow: () => number;
}

/** Goes on from what the file says; from zero when there is none or it cannot be understood. */
export async function openServerClock(file: string, { now, monotonicNow }: ClockSource): Promise<ServerClock> {
  const kept = await readClockFile(file);
  let uptimeMs = kept?.uptimeMs ?? 0;
  let cautiousMs = kept === null ? now() : clamp(now(), kept.cautiousMs, kept.cautiousMs + maximumStepAtStartMs);
  let seenMs = monotonicNow();

  function advance(): void {
    const elapsedMs = Math.max(0, monotonicNow() - seenMs);
    seenMs += elapsedMs;
    uptimeMs += elapsedMs;
    cautiousMs += clamp(now() - cautiousMs, 0, 2 * elapsedMs);
  }

  return {
    uptimeMs() {
      advance();
      return uptimeMs;
    },
    cautiousNowMs() {
      advance();
      return cautiousMs;
    },
    atLeast(otherMs) {
      uptimeMs = Math.max(uptimeMs, otherMs);
    },
    async persist() {
      advance();
      await writeFileDurably(file, Buffer.from(JSON.stringify({ uptimeMs, cautiousMs })));
    },
  };
}

/** The uptime in a clock's file, for those who look from outside; 0 when there is none. */
export async function readUptimeMs(file: string): Promise<number> {
  return (await readClockFile(file))?.uptimeMs ?? 0;
}

async function readClockFile(file: string) {
  try {
    const parsed = ClockFile.safeParse(JSON.parse(await readFile(file, "utf8")));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);
