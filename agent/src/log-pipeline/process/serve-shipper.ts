import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { setPriority } from "node:os";
import type { LogJob } from "@mycloud/protocol/log-source";
import { digestOf, takeName } from "../../agent/single-instance.ts";
import { openLogQueue } from "../../log-queue/index.ts";
import type { RecordMaker } from "../../log-shaping/index.ts";
import { createLogSources, type Diagnostics } from "../../log-source/index.ts";
import type { Logger } from "../../logger/index.ts";
import { sleep } from "../../retry-loop/index.ts";
import type { LogTask, ShipperSign, ShipperWord } from "../pipeline-words.ts";
import { createPipeline, type Pipeline, type PipelineOptions } from "./pipeline.ts";

const tellEveryMs = 5_000;
/** How long a shipper that lost its agent takes to end at most. */
const predecessorEndsWithinMs = 10_000;
const niceness = 5;

export interface ShipperParts {
  readonly createMaker: (job: LogJob, hostName: string) => RecordMaker;
  /** For tests: what the pipeline ships by. */
  readonly shipping?: PipelineOptions["shipping"];
  /** For tests: how often the queue closes what is open. */
  readonly tickMs?: number;
  readonly targetBytes?: number;
  readonly tellEveryMs?: number;
}

/** Makes this process a shipper: it does what its agent tells it, and ends with it. Call once. */
export function serveShipper(parts: ShipperParts): void {
  const diagnosticsListeners = new Set<(line: string) => void>();
  const diagnostics: Diagnostics = (onLine) => {
    diagnosticsListeners.add(onLine);
    return () => diagnosticsListeners.delete(onLine);
  };
  let pipeline: Promise<Pipeline> | undefined;
  let isStopping = false;

  async function open(directory: string, logger: Logger): Promise<Pipeline> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await becomeOnlyShipper(directory);
    const queue = await openLogQueue({
      directory,
      logger,
      now: Date.now,
      newChunkId: () => randomBytes(16).toString("base64"),
      ...(parts.tickMs === undefined ? {} : { tickMs: parts.tickMs }),
      ...(parts.targetBytes === undefined ? {} : { targetBytes: parts.targetBytes }),
    });
    return createPipeline({
      queue,
      logger,
      now: Date.now,
      random: Math.random,
      startSources: ({ policy, ...options }) =>
        createLogSources({
          ...options,
          ...policy,
          diagnostics,
          clock: { nowMs: Date.now, monotonicMs: () => performance.now() },
          random: Math.random,
          logger,
        }),
      createMaker: parts.createMaker,
      ...(parts.shipping === undefined ? {} : { shipping: parts.shipping }),
    });
  }

  async function doTask(task: LogTask): Promise<void> {
    pipeline ??= open(task.directory, createShipperLogger({ part: "logs" }));
    await (await pipeline).configure(task);
    await tellStatus();
    yieldToOthers();
  }

  async function tellStatus(): Promise<void> {
    if (pipeline !== undefined) tell({ kind: "status", status: (await pipeline).status() });
  }

  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    // The agent may be gone, and somebody waits for the host to shut down.
    setTimeout(() => process.exit(1), 4_500).unref();
    await pipeline?.then((running) => running.stop()).catch(() => undefined);
    await tellStatus().catch(() => undefined);
    process.disconnect?.();
    process.exit(0);
  }

  process.on("disconnect", () => void stop());
  process.on("SIGTERM", () => void stop());
  // Ctrl-C is for the agent, which ends its shipper itself.
  process.on("SIGINT", () => undefined);
  process.on("SIGHUP", () => undefined);
  process.on("message", (message) => {
    if (!isShipperWord(message) || isStopping) return;
    if (message.kind === "stop") void stop();
    else if (message.kind === "task") doTask(message.task).catch(fail);
    else for (const line of message.lines) for (const listener of diagnosticsListeners) listener(line);
  });
  setInterval(() => void tellStatus().catch(() => undefined), parts.tellEveryMs ?? tellEveryMs);
}

/** From its first task on: on a machine that has no processor left, starting at a low priority would take minutes. */
function yieldToOthers(): void {
  try {
    setPriority(niceness);
  } catch {
    // A container may not allow it; then it runs as everything else does.
  }
}

/** Whoever started this process has looked at it: it is the agent, which is of the same version, and here no schema is loaded. */
function isShipperWord(message: unknown): message is ShipperWord {
  return (
    typeof message === "object" &&
    message !== null &&
    "kind" in message &&
    (message.kind === "task" || message.kind === "diagnostics" || message.kind === "stop")
  );
}

function tell(sign: ShipperSign): void {
  if (process.connected) process.send?.(sign, undefined, {}, () => undefined);
}

/** Says everything to the agent, which has the log. */
function createShipperLogger(inherited: Readonly<Record<string, unknown>>): Logger {
  const log =
    (level: "debug" | "info" | "warn" | "error") => (fields: Readonly<Record<string, unknown>>, message: string) =>
      tell({ kind: "log", level, fields: plain({ ...inherited, ...fields }), message });
  return {
    debug: log("debug"),
    info: log("info"),
    warn: log("warn"),
    error: log("error"),
    child: (fields) => createShipperLogger({ ...inherited, ...fields }),
  };
}

/** What survives the channel: errors as their message. */
function plain(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, value instanceof Error ? value.message : value]),
  );
}

/** One that an agent left behind, killed, may still be ending. */
async function becomeOnlyShipper(directory: string): Promise<void> {
  const name = `mycloud-log-shipper-${await digestOf(directory)}`;
  for (const deadline = performance.now() + predecessorEndsWithinMs; performance.now() < deadline; ) {
    if ((await takeName(name)) !== undefined) return;
    await sleep(50, new AbortController().signal);
  }
  throw new Error("another shipper of this host does not end");
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
