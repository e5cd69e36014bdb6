import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { LogJob } from "@mycloud/protocol/log-source";
import { createLogger } from "../../logger/index.ts";
import { createLogSources } from "../create-log-sources.ts";
import { defaultFileTimes } from "../file/following.ts";
import type { LineBatch, LogPosition } from "../line-batch.ts";
import { countFileSystemCalls } from "./file-system-calls.ts";
import { createRotatedLog, type RotationMode } from "./rotated-log.ts";

export type LifeStep =
  | { readonly do: "write"; readonly lines: number }
  | { readonly do: "rotate"; readonly lateLines: number }
  /** Reads until there is nothing more to be read. */
  | { readonly do: "look" }
  /** The reader is killed: its last batches were not on disk, with their positions. */
  | { readonly do: "stop"; readonly forgotten: number }
  | { readonly do: "start" }
  /** Writes and rotates so often in the middle of what the reader does next. */
  | { readonly do: "rotate at call"; readonly call: number; readonly times: number }
  | { readonly do: "move clock"; readonly seconds: number };

/** A log, who reads it, and what happens to both. */
export interface Life {
  readonly mode: RotationMode;
  readonly steps: readonly LifeStep[];
  readonly padding: number;
  readonly bannerBytes: number;
  /** Whether the log is named, or found by a wildcard. */
  readonly isNamed: boolean;
  /** Whether the reader has seen it being rotated before: otherwise nobody can know where it is put, nor what was first when the clock is set back. */
  readonly isKnown: boolean;
  readonly maximumOpenFiles: number;
  /** Whether rotated and deleted files are forgotten as soon as they have been read. */
  readonly isGraceOver: boolean;
}

/** Looks that find nothing new, after which all has been read. */
const CALM_LOOKS = 4;
const WAIT_MS = 30_000;

/** Lives through it, with a reader at last that reads all there is. What is expected, and what was read and is on disk: the lines that files begin with are counted. */
export async function liveThrough(
  life: Life,
  trace?: (line: string) => void,
): Promise<{ readonly read: string[]; readonly expected: string[] }> {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-life-"));
  const banner = life.bannerBytes === 0 ? "" : `${"#".repeat(life.bannerBytes)}\n`;
  const log = createRotatedLog(directory, life.mode, banner);
  const calls = countFileSystemCalls();
  const reader = createReader(directory, life, trace);
  const rotateOnce = () => {
    log.write(1, life.padding);
    log.rotate(0);
  };

  async function live(step: LifeStep): Promise<void> {
    switch (step.do) {
      case "write":
        return calls.apart(() => log.write(step.lines, life.padding));
      case "rotate":
        return calls.apart(() => log.rotate(step.lateLines));
      case "look":
        return reader.look();
      case "start":
        return reader.start();
      case "stop":
        return reader.kill(step.forgotten);
      case "move clock":
        return log.moveClock(life.isKnown ? step.seconds : Math.abs(step.seconds));
      case "rotate at call":
        calls.doNow();
        return calls.before(step.call, () => {
          for (let time = 0; time < step.times; time++) rotateOnce();
        });
    }
  }

  try {
    // Files that are there before the source are another matter, and so are directories of which nobody knows.
    await reader.start();
    if (life.isKnown) {
      calls.apart(() => log.write(1, life.padding));
      await reader.look();
      calls.apart(() => log.rotate(0));
    }
    await reader.look();
    reader.commit();
    for (const step of life.steps) {
      trace?.(JSON.stringify(step));
      await live(step);
    }
    await reader.start();
    calls.doNow();
    calls.apart(() => log.write(1, life.padding));
    await reader.look();
    const lines = reader.lines();
    const isBanner = (line: string) => line.startsWith("#");
    return {
      read: [`${lines.filter(isBanner).length} files`, ...lines.filter((line) => !isBanner(line)).map(shorten)],
      expected: [`${log.begun} files`, ...log.written.map(shorten)],
    };
  } finally {
    calls.end();
    await reader.kill(0);
    log.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function shorten(line: string): string {
  return line.replace(/x+$/u, (letters) => `and ${letters.length} letters`);
}

interface Reader {
  start(): Promise<void>;
  look(): Promise<void>;
  kill(forgotten: number): Promise<void>;
  /** What was read until now is on disk. */
  commit(): void;
  /** What was read and has not been forgotten. */
  lines(): string[];
}

function createReader(directory: string, life: Life, trace?: (line: string) => void): Reader {
  const durable: LineBatch[] = [];
  let batches: LineBatch[] = [];
  let calm = 0;
  let running: { readonly controller: AbortController; readonly done: Promise<void> } | null = null;
  const times = { ...defaultFileTimes, polledScanMs: 1, settleMs: 1, partialLineMs: 60_000, lookShare: 0 };
  const grace = life.isGraceOver ? { deletedGraceMs: 0, rotatedGraceMs: 0 } : {};

  return {
    lines: () => [...durable, ...batches].flatMap((batch) => batch.lines.map(String)),
    async start() {
      if (running !== null) return;
      const controller = new AbortController();
      const sources = createLogSources({
        jobs: [
          LogJob.parse({
            name: "test",
            destinations: ["control-plane"],
            input: {
              type: "file",
              startAt: "beginning",
              paths: [life.isNamed ? `${directory}/a.log` : `${directory}/*.log`],
              excludePaths: [`${directory}/a-*.log`],
            },
          }),
        ],
        roots: [directory],
        commands: {},
        positions: { test: positionsOf(durable) },
        onBatch: async (batch) => {
          await Promise.resolve();
          batches.push(structuredClone(batch));
          trace?.(`${batch.lines.length > 0 ? JSON.stringify(batch.lines) : ""} ${JSON.stringify(batch.positions)}`);
          if (batch.lines.length > 0) calm = 0;
        },
        clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
        random: Math.random,
        logger: createLogger({
          level: trace === undefined ? "error" : "info",
          format: "text",
          write: (line) => trace?.(line),
          now: Date.now,
        }),
        signal: controller.signal,
        fileTimes: { ...times, ...grace },
        isWatching: false,
        maximumOpenFiles: life.maximumOpenFiles,
        onLook: () => {
          calm++;
        },
      });
      running = { controller, done: sources.done };
      for (let turn = 0; turn < 3; turn++) await pause(0);
    },
    async look() {
      if (running === null) return;
      calm = 0;
      const end = performance.now() + WAIT_MS;
      while (calm < CALM_LOOKS) {
        if (performance.now() > end) throw new Error(`the reader finds something new for ${WAIT_MS} ms`);
        await pause(1);
      }
    },
    async kill(forgotten) {
      running?.controller.abort();
      await running?.done;
      running = null;
      batches.splice(Math.max(0, batches.length - forgotten));
      this.commit();
    },
    commit() {
      durable.push(...batches);
      batches = [];
    },
  };
}

function positionsOf(batches: readonly LineBatch[]): Record<string, LogPosition> {
  const positions: Record<string, LogPosition> = {};
  for (const { stream, position } of batches.flatMap((batch) => batch.positions)) {
    if (position === null) delete positions[stream];
    else positions[stream] = position;
  }
  return positions;
}
