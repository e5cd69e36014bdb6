import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { RequestHandler } from "express";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createAuditLog } from "../../audit/index.ts";
import { createChangeBus } from "../../change/index.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import type { Actor } from "../../http/actor.ts";
import { anonymousActor } from "../../http/authenticate.ts";
import { createHttpApp } from "../../http/create-http-app.ts";
import type { Route } from "../../http/route.ts";
import { createSessionCookie } from "../../http/session-cookie.ts";
import { createStaffAccess } from "../../staff-access/index.ts";
import { createSmartView } from "../create-smart-view.ts";
import type { MemorySnapshots } from "./memory-snapshots.ts";

/** Tokens of a test's callers. */
export const callers = {
  mc_staff: { role: "operator", customer: null, scopes: ["write"] },
  mc_member: { role: "operator", customer: "acme", scopes: ["write"] },
  mc_viewer: { role: "viewer", customer: "acme", scopes: ["read"] },
  mc_stranger: { role: "admin", customer: "other", scopes: ["admin"] },
  mc_dav: { role: null, customer: "acme", scopes: ["webdav"] },
  mc_davstranger: { role: null, customer: "other", scopes: ["webdav"] },
  mc_davstaff: { role: null, customer: null, scopes: ["webdav"] },
} as const satisfies Record<string, Pick<Actor, "role" | "customer" | "scopes">>;

export interface TestSmartView {
  readonly url: string;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<Response>;
  stop(): Promise<void>;
}

/** Serves the smart view of these snapshots on a free port, and what `alsoServed` adds. */
export async function startSmartView(
  database: ConnectedDatabase,
  snapshots: Pick<MemorySnapshots, "ask">,
  options: {
    readonly now?: () => number;
    readonly routes?: (view: ReturnType<typeof createSmartView>) => readonly Route[];
    readonly mounted?: (view: ReturnType<typeof createSmartView>) => readonly [string, RequestHandler][];
  } = {},
): Promise<TestSmartView> {
  const { now = Date.now } = options;
  const audit = createAuditLog(now);
  const logger = pino({ level: "silent" });
  const signer = { publicKeys: async () => ({ keys: [] }), mint: async () => ({ token: "t", expiresAtMs: 0 }) };
  const view = createSmartView({
    ...{ database, audit, signer, now, ask: snapshots.ask },
    changes: createChangeBus(logger),
    staff: createStaffAccess({ database, audit, now }),
  });
  const app = createHttpApp({
    routes: [...view.routes, ...(options.routes?.(view) ?? [])],
    mounted: options.mounted?.(view) ?? [],
    authenticators: {
      session: async () => null,
      agentToken: async () => null,
      apiToken: async (token, address) => callerOf(token, address),
    },
    cookie: createSessionCookie(null),
    logger,
    registry: new Registry(),
    checkReady: async () => undefined,
    databaseTrouble: () => null,
    publicUrl: null,
    trustProxy: false,
    consoleDirectory: "/nonexistent",
    version: "test",
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    get: (path, headers = {}, method = "GET") =>
      fetch(url + path, { method, headers: { authorization: "Bearer mc_viewer", ...headers } }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function callerOf(token: string, address: string | null): Actor | null {
  if (!Object.hasOwn(callers, token)) return null;
  const caller = callers[token as keyof typeof callers];
  return { ...anonymousActor(address), ...caller, kind: "token", id: "1", name: token };
}

/** A repository in the database; answers its number. */
export async function insertRepository(
  { db }: ConnectedDatabase,
  values: { hostName?: string; policyName?: string; customer?: string | null; hostId?: number | null } = {},
): Promise<number> {
  const { hostName = "web1", policyName = "home", customer = "acme", hostId = null } = values;
  const inserted = await db
    .insertInto("backup_repository")
    .values({
      ...{ host_id: hostId, host_name: hostName, customer, policy_id: null, policy_name: policyName },
      ...{ storage_name: "local", path: `${customer}/${hostName}/${policyName}`, key_mode: "managed" },
      ...{ sealed_password: null, assigned_at_ms: 1000, rpo_seconds: null, rto_seconds: null },
      ...{ freshness_service_id: null, run_service_id: null, last_snapshot_at_ms: null, last_snapshot_id: null },
      ...{ last_run_id: null, created_at_ms: 1000 },
    })
    .executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}
