import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { AuditLog } from "./audit/index.ts";
import type { ChangeBus } from "./change/index.ts";
import type { Configuration } from "./configuration/index.ts";
import type { ConnectedDatabase } from "./database/dialect/dialect.ts";
import type { Leases } from "./database/lease.ts";
import type { Authenticators } from "./http/authenticate.ts";
import type { EventStreams } from "./http/event-stream.ts";
import type { Route } from "./http/route.ts";
import type { SessionCookie } from "./http/session-cookie.ts";
import type { PasswordHasher } from "./password/index.ts";
import type { Sealer } from "./sealing/index.ts";

/** What app.ts makes once and parts take what they need of. The database is migrated. */
export interface Core {
  readonly configuration: Configuration;
  /** Of this program. */
  readonly version: string;
  readonly database: ConnectedDatabase;
  readonly changes: ChangeBus;
  readonly audit: AuditLog;
  readonly leases: Leases;
  readonly streams: EventStreams;
  /** Register a concept's own metrics here. */
  readonly registry: Registry;
  readonly logger: Logger;
  readonly passwords: PasswordHasher;
  readonly sealer: Sealer;
  readonly cookie: SessionCookie;
  readonly now: () => number;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  /** Where people reach the console, without a slash at the end; known from configuration or, once listening, from the socket. */
  readonly publicUrl: () => string;
}

/** One concept, wired: what it answers, what it runs, how it knows callers. */
export interface Part {
  /** For the log. */
  readonly name: string;
  readonly routes?: readonly Route[];
  /** What answers all below a path by itself, errors included. */
  readonly mounted?: readonly (readonly [path: string, handler: RequestHandler])[];
  /** Who a kind of credential belongs to; one part provides each. */
  readonly authenticators?: Partial<Authenticators>;
  /** Before the first request: seeds, schedulers. Parts start in the order of their list. */
  start?(): Promise<void>;
  /** After the last request, in the opposite order: flush, end timers. */
  stop?(): Promise<void>;
}
