import type { Socket } from "node:net";
import type { Authenticator } from "../authentication/index.ts";
import type { ServerClock } from "../clock/index.ts";
import type { EventStreams, PreparedEvent, StorageEvent } from "../event/index.ts";
import type { PaceLimits, RequestRate, Slots, TokenBucket } from "../limit/index.ts";
import type { StorageMetrics } from "../metrics/index.ts";
import type { FreeSpace } from "../quota/index.ts";
import type { OpenRepository, Repositories, StateLayout, StoredObject } from "../repository/index.ts";
import type { TrustedProxies } from "../request/index.ts";
import type { StorageLogger } from "./storage-server-options.ts";

/** What answering requests needs; made once at the start. */
export interface StorageContext {
  readonly layout: StateLayout;
  readonly repositories: Repositories;
  readonly authenticator: Authenticator;
  readonly clock: ServerClock;
  readonly freeSpace: FreeSpace;
  /** Whose word about the address of a client counts. */
  readonly trustedProxies: TrustedProxies;
  readonly uploads: Slots;
  readonly requestRate: RequestRate;
  readonly bandwidth: { readonly in: TokenBucket; readonly out: TokenBucket };
  /** The buckets of a connection. */
  readonly connectionLimits: (socket: Socket) => { readonly in: TokenBucket; readonly out: TokenBucket };
  readonly pace: PaceLimits;
  readonly maxObjectBytes: number;
  /** 0 is unlimited. */
  readonly defaultQuotaBytes: number;
  /** The quota each repository was last used with, for figures. */
  readonly quotas: Map<string, number>;
  readonly metrics: StorageMetrics;
  readonly streams: EventStreams;
  /** Makes an event durable before what it tells of is, and tells of it when that is confirmed. */
  readonly prepareEvent: (event: StorageEvent) => Promise<PreparedEvent>;
  /** Reads a repository again soon, whenever that was done last; the work goes on behind. */
  readonly scrub: (repository: string) => void;
  /** An object could not be read; it is looked at soon. */
  readonly suspect: (repository: OpenRepository, object: StoredObject, error: unknown) => void;
  readonly readMetricsToken: () => Promise<string | null>;
  readonly isReady: () => Promise<string | null>;
  readonly logger: StorageLogger;
  readonly now: () => number;
  readonly monotonicNow: () => number;
}
