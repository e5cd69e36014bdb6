import type { ServedZone } from "@mycloud/protocol/name-server";
import type { Clock, MessageArrival } from "../server/index.ts";
import type { Zone, ZoneHistory, ZoneStep } from "../zone/index.ts";

/** A zone by its view (null: the zones without one) and its name as the configuration writes it, in any case, with or without a dot at its end. */
export interface ZoneKey {
  readonly view: string | null;
  readonly name: string;
}

/** An UPDATE whose signature held (or that had none), for the control plane to decide on. */
export interface UpdateRequest {
  /** The whole message without its TSIG record. */
  readonly message: Buffer;
  readonly view: string | null;
  readonly zone: string;
  /** The name of the key it was signed with, in presentation form; null: it was not. */
  readonly key: string | null;
  readonly client: string;
  /** The same for the same message sent again while it is worked on, or shortly after. */
  readonly id: string;
}

/** What an ordinary query was answered with. The same object is used for the next one: what is to be kept is copied. */
export interface AnsweredQuery {
  /** In lower case, wire form; empty where the packet had no question. */
  name: string;
  type: number;
  rcode: number;
  /** The zone it fell into. */
  zone: Zone | undefined;
  /** False where it was held back by the rate limit. */
  isSent: boolean;
  arrival: MessageArrival;
}

/** What other servers are asked by. Rejects where nothing (whole) comes back, or `signal` is aborted. */
export interface PeerExchange {
  /** One message by UDP; the answer has its id. */
  datagram(peer: PeerAddress, octets: Buffer, signal: AbortSignal): Promise<Buffer>;
  /** One message by TCP; the messages that come back, as they come. Who has enough calls the iterator's `return`, which closes the connection. */
  stream(peer: PeerAddress, octets: Buffer, signal: AbortSignal): AsyncIterable<Buffer>;
}

export interface PeerAddress {
  readonly address: string;
  readonly port: number;
}

/** A secondary zone that was fetched: to be kept on disk, and to be passed on to processes that share the port. */
export interface FetchedZone {
  readonly key: ZoneKey;
  readonly zone: Zone;
  /** What led to it from the serial before, one after the other; undefined where the whole zone was fetched. */
  readonly steps: readonly ZoneStep[] | undefined;
}

export interface NameServerOptions {
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly exchange: PeerExchange;
  /**
   * Of several processes that answer on one port one is the leader: it tells secondaries of changes and fetches secondary zones; the others pass the
   * NOTIFYs that reach them to it (`onNotify`).
   */
  readonly isLeader: boolean;
  /** Questions whose answers are kept ready, for each view. */
  readonly cachedAnswers: number;
  /** Resolves to a result code after the change is committed. Rejects where the control plane is away: SERVFAIL. */
  readonly relayUpdate: (update: UpdateRequest, signal: AbortSignal) => Promise<number>;
  /** A NOTIFY for a secondary zone that its sender may send; a leader looks after it itself. */
  readonly onNotify: (key: ZoneKey, from: string) => void;
  readonly onZoneFetched: (fetched: FetchedZone) => void;
  /** The primary was asked, and the zone holds until then, unchanged. */
  readonly onZoneRefreshed: (key: ZoneKey, expiresAtMs: number) => void;
  /** Something about a zone that an operator wants to know: fixed words, data in fields. */
  readonly onEvent: (event: NameServerEvent) => void;
  /** Called for each ordinary query: has to be quick. Null: nobody listens. */
  readonly onAnswered: ((answered: AnsweredQuery) => void) | null;
  /** Answers a question outside of all zones for a client that forwarding is configured for; null: such questions are refused. */
  readonly forward: ((octets: Buffer, arrival: MessageArrival) => Promise<Buffer | undefined>) | null;
}

export interface NameServerEvent {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Where a secondary zone stands when it is set from disk. */
export interface KeptZone {
  readonly history?: ZoneHistory;
  /** When it is not to be answered any more unless its primary was asked; undefined: its own expire value from now. */
  readonly expiresAtMs?: number;
}

/** Counters since the start, as the status has them. */
export interface NameServerCounters {
  readonly queries: number;
  readonly queriesByType: Readonly<Record<string, number>>;
  readonly answersByCode: Readonly<Record<string, number>>;
  readonly rateLimited: number;
  readonly zones: readonly ServedZone[];
}
