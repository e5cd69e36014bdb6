import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type SyslogFrame, SyslogFrameError, SyslogFrameStream } from "@mycloud/protocol/syslog";
import { findOpenSender, type HostDirectory, type LogIdentity, type LogSender } from "../../log-sender/index.ts";
import type { NewLogRecord } from "../../log-store/index.ts";
import type { Quotas } from "../intake/quota.ts";
import type { LogReceiverMetrics } from "../metrics.ts";
import { readSyslog } from "./read-syslog.ts";

export interface SyslogDependencies {
  readonly senders: () => Promise<readonly LogSender[]>;
  readonly hosts: () => Promise<HostDirectory>;
  readonly retentionDays: () => number;
  readonly quotas: Quotas;
  readonly metrics: LogReceiverMetrics;
  /** Resolves when they are stored. */
  readonly store: (identity: LogIdentity, records: readonly NewLogRecord[], bytes: number) => Promise<void>;
  /** The zone of times that say none. */
  readonly toUtcMs: (localMs: number) => number;
  readonly now: () => number;
}

/** A message of the largest record, and its header. */
export const maximumSyslogBytes = 262_144 + 8_192;
/** What is read while the rest is being stored. */
const pipelinedBytes = 4 * 1024 * 1024;

/** Serves one connection of syslog. There are no answers: a sender that is too fast is held up by not being read. */
export async function serveSyslog(
  socket: Socket,
  address: string,
  stopping: AbortSignal,
  dependencies: SyslogDependencies,
): Promise<void> {
  const { metrics, quotas, now, store } = dependencies;
  const sender = findOpenSender(await dependencies.senders(), "syslog", address);
  if (sender === undefined) {
    metrics.refused("syslog", "unknown-sender");
    return;
  }
  const gone = new AbortController();
  socket.once("close", () => gone.abort(new Error("the connection was closed")));
  const stream = new SyslogFrameStream(maximumSyslogBytes);
  const pending = new Set<Promise<void>>();
  let pendingBytes = 0;

  async function take(frames: readonly SyslogFrame[], size: number): Promise<void> {
    if (frames.length === 0 || sender === undefined) return;
    const { identity } = sender;
    const records = await recordsOf(frames, identity, address, dependencies);
    quotas.use(identity, records.length, size, now());
    pendingBytes += size;
    const stored = store(identity, records, size)
      .catch(() => metrics.refused("syslog", "store", records.length))
      .finally(() => {
        pendingBytes -= size;
        pending.delete(stored);
      });
    pending.add(stored);
  }

  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
      await waitForTurn(sender.identity, dependencies, gone.signal);
      stream.push(chunk);
      await take(framesOf(stream), chunk.length);
      while (pendingBytes > pipelinedBytes) await Promise.race(pending);
      if (stopping.aborted) break;
      const current = (await dependencies.senders()).find(({ identity }) => identity.key === sender.identity.key);
      if (current?.version !== sender.version) break;
    }
    const last = stream.end();
    if (last !== null) await take([last], last.bytes.length);
  } catch (error) {
    if (error instanceof SyslogFrameError) metrics.refused("syslog", "unreadable");
    else if (!gone.signal.aborted && !stopping.aborted) throw error;
  } finally {
    await Promise.all(pending);
  }
}

/** Frames are views of what is held, which stays as it is until more is pushed. */
function framesOf(stream: SyslogFrameStream): SyslogFrame[] {
  const frames: SyslogFrame[] = [];
  for (let frame = stream.next(); frame !== null; frame = stream.next()) frames.push(frame);
  return frames;
}

async function recordsOf(
  frames: readonly SyslogFrame[],
  identity: LogIdentity,
  peerAddress: string,
  { hosts, retentionDays, toUtcMs, now }: SyslogDependencies,
): Promise<NewLogRecord[]> {
  const context = {
    identity,
    hosts: await hosts(),
    receivedAtMs: now(),
    peerAddress,
    retentionDays: retentionDays(),
  };
  return frames.map(({ bytes, isCut }) => readSyslog(bytes, isCut, toUtcMs, context));
}

async function waitForTurn(
  identity: LogIdentity,
  { quotas, now, metrics }: SyslogDependencies,
  signal: AbortSignal,
): Promise<void> {
  let isTold = false;
  for (;;) {
    const allowance = quotas.check(identity, now());
    if (allowance.kind === "go") return;
    if (allowance.kind === "exhausted" && !isTold) metrics.refused("syslog", "quota");
    isTold = true;
    // Held up, not closed: what a sender has handed to the system would be lost with the connection.
    await sleep(allowance.kind === "wait" ? allowance.ms : 10_000, undefined, { signal });
  }
}
