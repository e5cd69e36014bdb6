import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import {
  encodeAck,
  encodeHelo,
  encodePong,
  MessagePackError,
  readForwardMessage,
  readPing,
  sharedKeyDigest,
} from "@mycloud/protocol/fluent-forward";
import type { LogIdentity, LogSender } from "../../log-sender/index.ts";
import { findOpenSender } from "../../log-sender/index.ts";
import type { Intake } from "../intake/intake.ts";
import type { Quotas } from "../intake/quota.ts";
import type { LogReceiverMetrics } from "../metrics.ts";
import { authenticatePing, type KnownAgent } from "./authenticate-ping.ts";
import { MessageReader } from "./message-reader.ts";
import type { ReadMessage } from "./read-records.ts";
import type { IdentityWatch } from "./watch-identities.ts";

export interface ForwardDependencies {
  readonly findAgent: (id: string) => Promise<KnownAgent | null>;
  readonly senders: () => Promise<readonly LogSender[]>;
  readonly watch: IdentityWatch;
  readonly readMessage: ReadMessage;
  readonly intake: Intake;
  readonly quotas: Quotas;
  readonly metrics: LogReceiverMetrics;
  /** How the receiver calls itself. A sender of the same name takes it for itself and refuses it. */
  readonly hostName: string;
  readonly now: () => number;
  readonly limits: ForwardLimits;
}

export interface ForwardLimits {
  readonly messageBytes: number;
  readonly handshakeMs: number;
  readonly idleMs: number;
  /** How long a sender that needs to prove nothing is waited for before it is asked nevertheless: it may be an agent. */
  readonly silenceMs: number;
  /** Messages that are read while others of the connection are being stored. */
  readonly pipelined: number;
  /** Between a wrong proof and the answer. */
  readonly refusalMs: number;
}

export const defaultForwardLimits: ForwardLimits = {
  messageBytes: 32 * 1024 * 1024,
  handshakeMs: 10_000,
  idleMs: 3_600_000,
  silenceMs: 300,
  pipelined: 8,
  refusalMs: 500,
};

const handshakeBytes = 4_096;

interface Peer {
  readonly identity: LogIdentity;
  readonly version: string;
  /** What it said instead of proving itself. */
  readonly first: Uint8Array | null;
}

/** Serves one connection of Forward: handshake, messages, acknowledgements in the order of the messages. */
export async function serveForward(
  socket: Socket,
  address: string,
  stopping: AbortSignal,
  dependencies: ForwardDependencies,
): Promise<void> {
  const { limits, watch, metrics, quotas, now } = dependencies;
  const gone = new AbortController();
  socket.once("close", () => gone.abort(new Error("the connection was closed")));
  const signal = AbortSignal.any([stopping, gone.signal]);
  const reader = new MessageReader(socket, handshakeBytes);
  const timer = setTimeout(() => socket.destroy(), limits.handshakeMs);
  try {
    const peer = await greet(socket, reader, address, dependencies);
    if (peer === null) return;
    const { identity, version } = peer;
    if (quotas.check(identity, now()).kind === "exhausted") {
      metrics.refused("forward", "quota");
      return;
    }
    clearTimeout(timer);
    const unwatch = watch.add(identity, version, () => socket.destroy());
    socket.setTimeout(limits.idleMs, () => socket.destroy());
    try {
      await receive(socket, reader, peer, address, signal, dependencies);
    } finally {
      unwatch();
    }
  } catch (error) {
    if (error instanceof MessagePackError) {
      metrics.refused("forward", /more than|nested/.test(error.message) ? "too-large" : "unreadable");
    } else if (!signal.aborted) throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Finds out who it is; null when that is nobody, who was told so. */
async function greet(
  socket: Socket,
  reader: MessageReader,
  address: string,
  dependencies: ForwardDependencies,
): Promise<Peer | null> {
  const { limits, metrics } = dependencies;
  const open = findOpenSender(await dependencies.senders(), "forward", address);
  const challenge = { nonce: randomBytes(16), auth: randomBytes(16) };
  if (open !== undefined) reader.maximumBytes = limits.messageBytes;
  if (open === undefined || !(await reader.saysAnythingWithin(limits.silenceMs))) {
    socket.write(encodeHelo({ ...challenge, isKeptAlive: true }));
  }
  const first = await reader.next();
  if (first === null) return null;
  if (open !== undefined && !isPing(first)) return { identity: open.identity, version: open.version, first };
  const ping = readPing(first);
  const [agent, senders] = await Promise.all([dependencies.findAgent(ping.userName), dependencies.senders()]);
  const proven = authenticatePing(ping, challenge, { agent, senders, address });
  const { hostName } = dependencies;
  if (proven === null) {
    metrics.refused("forward", "wrong-credentials");
    await sleep(limits.refusalMs);
    const reason = "the shared key, the user name or the password is wrong";
    socket.write(encodePong({ isAccepted: false, reason, hostName, digest: "" }));
    return null;
  }
  const digest = sharedKeyDigest({ salt: ping.salt, hostName, nonce: challenge.nonce, key: proven.secret });
  socket.write(encodePong({ isAccepted: true, reason: "", hostName, digest }));
  reader.maximumBytes = limits.messageBytes;
  const version = senders.find(({ identity }) => identity.key === proven.identity.key)?.version ?? "";
  return { identity: proven.identity, version, first: null };
}

/** `["PING", ...`: an array whose first is this text. */
function isPing(message: Uint8Array): boolean {
  return message[0] === 0x96 && Buffer.from(message.subarray(1, 6)).equals(Buffer.from([0xa4, 0x50, 0x49, 0x4e, 0x47]));
}

/** Reads messages until the sender ends; when that is so, all that was read is stored and acknowledged. */
async function receive(
  socket: Socket,
  reader: MessageReader,
  { identity, first }: Peer,
  address: string,
  signal: AbortSignal,
  { readMessage, intake, quotas, metrics, now, limits }: ForwardDependencies,
): Promise<void> {
  const pending = new Set<Promise<void>>();
  let acknowledged = Promise.resolve();
  let fault: unknown = null;
  for (let bytes = first ?? (await reader.next()); bytes !== null && fault === null; bytes = await reader.next()) {
    const message = readForwardMessage(bytes, messageLimits);
    if (message.mode === "heartbeat") continue;
    const receivedAtMs = now();
    const { records, size, release } = await readMessage(message, { identity, address, receivedAtMs });
    const { chunk } = message.options;
    quotas.use(identity, records.length, size, receivedAtMs);
    const stored = intake.storePatiently(
      { protocol: "forward", identity, chunk, receivedAtMs, records, bytes: size },
      signal,
    );
    acknowledged = Promise.all([acknowledged, stored]).then(() => {
      if (chunk !== null && socket.writable) socket.write(encodeAck(chunk));
    });
    const done = acknowledged
      .catch((error: unknown) => {
        if (fault === null && !signal.aborted) metrics.refused("forward", "store");
        fault ??= error;
        // Not acknowledged: it is sent again over another connection.
        socket.destroy();
      })
      .finally(() => {
        release();
        pending.delete(done);
      });
    pending.add(done);
    while (pending.size >= limits.pipelined) await Promise.race(pending);
    const allowance = quotas.check(identity, now());
    if (allowance.kind === "wait") await sleep(allowance.ms, undefined, { signal });
    if (allowance.kind === "exhausted") {
      metrics.refused("forward", "quota");
      break;
    }
  }
  await Promise.all(pending);
}

const messageLimits = { depth: 16, elements: 200_000, values: 3_000_000 } as const;
