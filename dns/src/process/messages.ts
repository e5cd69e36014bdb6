import type { NameServerConfiguration } from "@mycloud/protocol/name-server";
import type { AnsweredQuery, NameServerCounters, UpdateRequest, ZoneKey } from "../name-server/index.ts";
import type { HeavyHitter } from "../top-talkers/index.ts";
import type { StoreChange } from "../zone-store/index.ts";
import type { ListenAddress } from "./listen-address.ts";

/** Where a worker answers. */
export interface Listening extends ListenAddress {
  readonly transport: AnsweredQuery["arrival"]["transport"];
}

/** A copy of a secondary zone that was kept is as good as this. */
export interface KeptUntil {
  readonly key: ZoneKey;
  readonly expiresAtMs: number;
}

/** What a worker needs to begin. Zones follow, then `listen`. */
export interface WorkerStart {
  readonly configuration: NameServerConfiguration;
  readonly isLeader: boolean;
  readonly kept: readonly KeptUntil[];
}

/** The supervisor to a worker. They are carried out one after the other, but for answers (`relayed`, `report`). */
export type ToWorker =
  | ({ readonly kind: "start" } & WorkerStart)
  | {
      readonly kind: "configure";
      readonly configuration: NameServerConfiguration;
      readonly queryLogOneIn: number | null;
    }
  | { readonly kind: "zone"; readonly change: StoreChange }
  | {
      readonly kind: "listen";
      readonly listening: readonly Listening[];
      readonly isShared: boolean;
      /** Certificate and key, PEM. */
      readonly tls: TlsContent | null;
    }
  | { readonly kind: "tls"; readonly tls: TlsContent }
  | { readonly kind: "notified"; readonly key: ZoneKey; readonly from: string }
  /** Another worker asked the primary. */
  | ({ readonly kind: "refreshed" } & KeptUntil)
  | { readonly kind: "relayed"; readonly number: number; readonly resultCode: number | null }
  /** `isStatus`: who asked most is counted anew from here on. */
  | { readonly kind: "report"; readonly number: number; readonly isStatus: boolean }
  | { readonly kind: "ping" };

export interface TlsContent {
  readonly cert: string;
  readonly key: string;
}

/** A worker to the supervisor. */
export type FromWorker =
  | { readonly kind: "hello" }
  | { readonly kind: "listening" }
  | { readonly kind: "pong" }
  | { readonly kind: "cannot listen"; readonly address: string; readonly code: string }
  | {
      readonly kind: "event";
      readonly level: "info" | "warn" | "error";
      readonly message: string;
      readonly fields: EventFields;
    }
  /** A zone it has not, or not at the serial that steps were for. */
  | { readonly kind: "missing"; readonly key: ZoneKey }
  | { readonly kind: "notified"; readonly key: ZoneKey; readonly from: string }
  /** A secondary zone as frames: one step each, or the whole zone, which comes in several messages (`hasMore`). */
  | {
      readonly kind: "fetched";
      readonly key: ZoneKey;
      readonly isWhole: boolean;
      readonly hasMore: boolean;
      readonly frames: readonly Buffer[];
    }
  | ({ readonly kind: "refreshed" } & KeptUntil)
  | { readonly kind: "relay"; readonly number: number; readonly update: UpdateRequest }
  | { readonly kind: "queries"; readonly text: string }
  | { readonly kind: "report"; readonly number: number; readonly report: WorkerReport };

export type EventFields = Readonly<Record<string, unknown>>;

/** What a worker counted since its start, and who asked most since the last status. */
export interface WorkerReport {
  readonly counters: NameServerCounters;
  readonly queriesByTransport: Readonly<Record<string, number>>;
  /** Packets and connections that were thrown away, by reason. */
  readonly lost: Readonly<Record<string, number>>;
  readonly forwarded: Readonly<Record<string, number>>;
  /** Requests for transfers out, by how they ended. */
  readonly transfers: Readonly<Record<string, number>>;
  readonly queryLogDropped: number;
  readonly clients: readonly HeavyHitter[];
  readonly names: readonly HeavyHitter[];
  readonly residentBytes: number;
  readonly cpuSeconds: number;
  readonly connections: number;
  /** The longest time nothing else could be done since the last report. */
  readonly longestStallSeconds: number;
}
