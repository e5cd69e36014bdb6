import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { TestContext } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { LogJob } from "@mycloud/protocol/log-source";
import { createLogger } from "../../logger/index.ts";
import { createLogSources, type LogSourcesOptions } from "../create-log-sources.ts";
import { defaultFileTimes } from "../file/following.ts";
import type { LineBatch, LogPosition, SourceEntry } from "../line-batch.ts";

/** What was read of the sources of a test, over several starts. */
export interface FollowedLogs {
  readonly directory: string;
  readonly lines: (string | SourceEntry)[];
  readonly batches: LineBatch[];
  readonly warnings: string[];
  start(input: Record<string, unknown>, options?: Partial<LogSourcesOptions>): Running;
  /** Resolves when the condition holds; throws after 20 s, with what was read last. */
  until(condition: () => boolean, what?: string): Promise<void>;
}

export interface Running {
  readonly sources: ReturnType<typeof createLogSources>;
  stop(): Promise<void>;
}

/** A directory and what follows the logs in it; positions are kept from one start to the next, as a queue would. */
export function followLogs(t: TestContext): FollowedLogs {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-logs-"));
  const positions: Record<string, Record<string, LogPosition>> = {};
  const lines: (string | SourceEntry)[] = [];
  const batches: LineBatch[] = [];
  const warnings: string[] = [];
  const running = new Set<Running>();
  t.after(async () => {
    for (const one of running) await one.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function take(batch: LineBatch): void {
    lines.push(...batch.lines);
    batches.push(batch);
    const streams = positions[batch.source] ?? {};
    positions[batch.source] = streams;
    for (const { stream, position } of batch.positions) {
      if (position === null) delete streams[stream];
      else streams[stream] = JSON.parse(JSON.stringify(position));
    }
  }

  return {
    directory,
    lines,
    batches,
    warnings,
    start(input, options = {}) {
      const controller = new AbortController();
      const sources = createLogSources({
        jobs: [
          LogJob.parse({
            name: "test",
            destinations: ["control-plane"],
            input: inputOf(input),
          }),
        ],
        roots: [directory],
        commands: {},
        positions: structuredClone(positions),
        onBatch: async (batch) => take(batch),
        clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
        random: Math.random,
        logger: createLogger({ level: "warn", format: "text", write: (line) => warnings.push(line), now: Date.now }),
        signal: controller.signal,
        fileTimes: { ...defaultFileTimes, watchedScanMs: 2_000, polledScanMs: 50, settleMs: 5 },
        ...options,
      });
      const one: Running = {
        sources,
        async stop() {
          running.delete(one);
          controller.abort();
          await sources.done;
        },
      };
      running.add(one);
      return one;
    },
    async until(condition, what = "it") {
      const end = performance.now() + 20_000;
      while (!condition()) {
        if (performance.now() > end) {
          throw new Error(
            `${what} did not happen; ${lines.length} lines, the last ${JSON.stringify(lines.slice(-5))}; ${warnings.join("")}`,
          );
        }
        await pause(10);
      }
    },
  };
}

/** A file that is read from its beginning, unless it is said otherwise; undefined takes something out. */
function inputOf(input: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries({ type: "file", startAt: "beginning", ...input });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
