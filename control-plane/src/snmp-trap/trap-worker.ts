import { createHash } from "node:crypto";
import type { RemoteInfo } from "node:dgram";
import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { SelectableHost } from "@mycloud/protocol/selector";
import type { TrapRuleInput } from "@mycloud/protocol/snmp";
import type { HostDirectory, LogIdentity } from "../log-sender/index.ts";
import { plainAddress } from "../log-sender/index.ts";
import type { NewLogRecord } from "../log-store/index.ts";
import { type JudgeDependencies, type JudgedDatagram, judgeDatagram } from "./judge-datagram.ts";
import { mapTrap } from "./map-trap.ts";
import type { RecentMessages } from "./recent-messages.ts";
import { type StoreTrapsDependencies, storeTraps } from "./store-traps.ts";
import { recordOfTrap } from "./trap-record.ts";
import { mayBeOf, type TrapSenders } from "./trap-senders.ts";

export interface TrapDatagram {
  readonly bytes: Buffer;
  readonly peer: RemoteInfo;
}

/** What is known when a batch is worked on. */
export interface TrapKnowledge {
  readonly senders: TrapSenders;
  readonly rules: readonly TrapRuleInput[];
  readonly hosts: HostDirectory;
  /** By its id, as selectors see it. */
  readonly hostById: (ids: ReadonlySet<number>) => Promise<ReadonlyMap<number, SelectableHost>>;
}

export interface TrapWorkerDependencies extends JudgeDependencies, StoreTrapsDependencies {
  readonly know: () => Promise<TrapKnowledge>;
  readonly relays: { has(address: string): boolean };
  readonly recent: RecentMessages;
  readonly send: (bytes: Buffer, peer: RemoteInfo) => void;
  readonly retentionDays: () => number;
}

type Taken = Extract<JudgedDatagram, { isTaken: true }>;
interface PlacedTrap {
  readonly judged: Taken;
  readonly datagram: TrapDatagram;
  /** Of the device, which is not who sent it where a relay did. */
  readonly address: string;
  readonly hostId: number | null;
}

/** Works on what came, in its order: reads, judges, stores together, and answers informs once all of it is stored. */
export async function workOnTraps(
  batch: readonly TrapDatagram[],
  dependencies: TrapWorkerDependencies,
  signal: AbortSignal,
): Promise<void> {
  const { metrics, send, recent, now } = dependencies;
  const knowledge = await dependencies.know();
  const placed = batch.flatMap((datagram) => judge(datagram, knowledge, dependencies));
  const ids = new Set(placed.flatMap(({ hostId }) => (hostId === null ? [] : [hostId])));
  const hosts = await knowledge.hostById(ids);
  const records: NewLogRecord[] = [];
  const results: PassiveCheckResult[] = [];
  const stored: (() => void)[] = [];
  const keys = new Set<string>();
  for (const trap of placed) {
    const { judged, datagram } = trap;
    const host = trap.hostId === null ? undefined : hosts.get(trap.hostId);
    if (host !== undefined && !mayBeOf(judged.credentials, host)) {
      metrics.refused(judged.version, "other-host");
      continue;
    }
    const { answer } = judged;
    const key = keyOf(trap);
    const respond = (): void => {
      if (answer !== null) send(answer(), datagram.peer);
    };
    if (key !== null && (keys.has(key) || recent.has(key, now()))) {
      if (judged.trap.isInform) metrics.duplicate(judged.version);
      else metrics.refused(judged.version, "replayed");
      stored.push(respond);
      continue;
    }
    const said = host === undefined ? [] : mapTrap(knowledge.rules, host, judged.trap, now());
    records.push(recordOf(trap, said, knowledge, dependencies));
    results.push(...said);
    if (key !== null) keys.add(key);
    stored.push(() => {
      metrics.received(judged.version, judged.trap.isInform ? "inform" : "trap", said.length > 0);
      if (key !== null) recent.add(key, now());
      respond();
    });
  }
  if (records.length > 0) await storeTraps(records, results, dependencies, signal);
  for (const done of stored) done();
}

function judge(
  datagram: TrapDatagram,
  { senders, hosts }: TrapKnowledge,
  dependencies: TrapWorkerDependencies,
): readonly PlacedTrap[] {
  const judged = judgeDatagram(datagram.bytes, senders, dependencies);
  if (!judged.isTaken) {
    if (judged.why !== null) dependencies.metrics.refused(judged.version, judged.why);
    if (judged.answer !== null) dependencies.send(judged.answer(), datagram.peer);
    return [];
  }
  const peer = plainAddress(datagram.peer.address);
  const said = judged.trap.saidAddress;
  const address = said !== null && dependencies.relays.has(peer) ? said : peer;
  return [{ judged, datagram, address, hostId: hosts.byAddress(address)?.id ?? null }];
}

function recordOf(
  { judged, address, hostId }: PlacedTrap,
  said: readonly PassiveCheckResult[],
  { hosts }: TrapKnowledge,
  { now, retentionDays }: TrapWorkerDependencies,
): NewLogRecord {
  const name = judged.credentials[0]?.name ?? "";
  const identity: LogIdentity = {
    kind: "sender",
    key: `snmp:${name}`,
    name,
    hostId,
    hostName: null,
    customer: null,
    maximumLinesPerSecond: null,
    maximumBytesPerDay: null,
  };
  const context = { identity, hosts, receivedAtMs: now(), peerAddress: address, retentionDays: retentionDays() };
  const returnCode = said.length === 0 ? null : Math.max(...said.map((result) => result.returnCode));
  return recordOfTrap(judged.trap, { version: judged.version, returnCode }, context);
}

/**
 * What a message has in common with itself when it comes again. An inform: not its message id, nor what it is encrypted to. A signed trap: all of it, whoever sends
 * it, since each has a message id of its own; a copy of it was recorded or came by two ways. Null for other traps, which may well be said twice.
 */
function keyOf({ judged: { requestId, isSigned, trap }, datagram: { bytes, peer } }: PlacedTrap): string | null {
  if (requestId === null) return isSigned ? createHash("sha256").update(bytes).digest("base64") : null;
  const said = trap.varbinds.map(({ oid, bound }) => [oid, bound.type, "value" in bound ? String(bound.value) : ""]);
  const text = JSON.stringify([peer.address, peer.port, requestId, trap.uptimeTicks, trap.trapOid, said]);
  return createHash("sha256").update(text).digest("base64");
}
