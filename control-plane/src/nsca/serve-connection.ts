import type { Duplex } from "node:stream";
import {
  createNscaCipher,
  type NscaMethod,
  type NscaPacket,
  NscaPacketReader,
  writeGreeting,
} from "@mycloud/checks/nsca";
import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import { unescapeOutput } from "../external-command/result-commands.ts";
import { maySpeakFor } from "./senders.ts";

export interface ConnectionDependencies {
  readonly method: NscaMethod;
  readonly password: string;
  /** Results whose greeting is older than this are not taken: somebody may have recorded them. */
  readonly maximumAgeSeconds: number;
  /** What the sender may speak for. */
  readonly patterns: readonly string[];
  /** 128 random bytes. */
  readonly iv: Buffer;
  /** Stores results in order; answers one reason for each that was not, and waits where it has to. */
  readonly store: (results: readonly PassiveCheckResult[]) => Promise<readonly string[]>;
  readonly now: () => number;
  readonly idleMs: number;
}

/** What became of a connection's results. */
export interface ConnectionTally {
  stored: number;
  /** By ingest: an unknown host, say. */
  refused: number;
  /** The sender may not speak for that host. */
  denied: number;
  /** Older than allowed. */
  old: number;
  unreadable: number;
  /** Of the first result that was not stored. */
  reason: string | null;
}

/** While one batch is stored the next is read, up to this many results of 4 KiB. */
const mostWaiting = 2_000;

/**
 * Serves one sender until it closes, is silent for too long, sends what cannot be read, or `stopping` fires. Results it has sent whole are stored
 * before this resolves. Never throws.
 */
export async function serveConnection(
  socket: Duplex,
  deps: ConnectionDependencies,
  stopping: AbortSignal,
): Promise<ConnectionTally> {
  const tally: ConnectionTally = { stored: 0, refused: 0, denied: 0, old: 0, unreadable: 0, reason: null };
  const { method, password, iv } = deps;
  const timestampSeconds = Math.floor(deps.now() / 1000);
  const reader = new NscaPacketReader(createNscaCipher(method, "decrypt", password, iv));
  let waiting: PassiveCheckResult[] = [];
  let storing: Promise<void> | undefined;
  const destroy = () => socket.destroy();
  let idle = setTimeout(destroy, deps.idleMs);
  stopping.addEventListener("abort", destroy, { once: true });
  socket.on("error", destroy);
  try {
    socket.write(writeGreeting({ iv, timestampSeconds }));
    for await (const bytes of socket) {
      clearTimeout(idle);
      const packets = reader.push(bytes);
      for (const packet of packets) take(packet);
      if (typeof packets.at(-1) === "string") break;
      if (waiting.length > 0) storing ??= storeWaiting().finally(() => (storing = undefined));
      while (waiting.length >= mostWaiting) await storing;
      idle = setTimeout(destroy, deps.idleMs);
    }
    const last = reader.end();
    if (last !== undefined && tally.unreadable === 0) take(last);
  } catch {
    // The sender went without closing; what it sent whole counts.
  } finally {
    clearTimeout(idle);
    stopping.removeEventListener("abort", destroy);
    socket.destroy();
  }
  await storing;
  await storeWaiting();
  return tally;

  function take(packet: NscaPacket | string): void {
    const verdict = judge(packet);
    if (typeof verdict !== "string") {
      waiting.push(verdict.result);
      return;
    }
    tally[verdict]++;
    tally.reason ??= typeof packet === "string" ? packet : `${verdict} result of host "${packet.host.slice(0, 64)}"`;
  }

  function judge(packet: NscaPacket | string): "unreadable" | "old" | "denied" | { result: PassiveCheckResult } {
    if (typeof packet === "string") return "unreadable";
    const ageSeconds = deps.now() / 1000 - packet.timestampSeconds;
    if (Math.abs(ageSeconds) > deps.maximumAgeSeconds) return "old";
    const { host, service, returnCode } = packet;
    if (!maySpeakFor(deps.patterns, host)) return "denied";
    const output = unescapeOutput(packet.output);
    return { result: { host, ...(service ? { service } : {}), returnCode, output } };
  }

  async function storeWaiting(): Promise<void> {
    // In turns: what comes while a batch is stored is the next one.
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const reasons = await deps.store(batch);
      tally.stored += batch.length - reasons.length;
      tally.refused += reasons.length;
      tally.reason ??= reasons[0] ?? null;
    }
  }
}
