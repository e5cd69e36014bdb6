import { generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type AgentResultBatch, agentAudience } from "@mycloud/protocol/agent";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createAuditLog } from "../../audit/index.ts";
import { createChangeBus } from "../../change/index.ts";
import { syncServicesOfHosts } from "../../check/sync-services.ts";
import { ResultWriter } from "../../check-result/result-writer.ts";
import { createStoreBatches } from "../../check-result/store-batches.ts";
import type { ConnectedDatabase } from "../../database/dialect/dialect.ts";
import type { Actor } from "../../http/actor.ts";
import { createHttpApp } from "../../http/create-http-app.ts";
import { createEventStreams } from "../../http/event-stream.ts";
import { createSessionCookie } from "../../http/session-cookie.ts";
import { DefinitionCache } from "../../monitored/index.ts";
import { createSealer } from "../../sealing/index.ts";
import { noNotifications } from "../../state-change/index.ts";
import type { AdmissionPolicy } from "../admission.ts";
import { createAgents } from "../create-agents.ts";

const operator: Actor = {
  kind: "user",
  id: "1",
  name: "olga",
  role: "operator",
  scopes: [],
  customer: null,
  hostId: null,
  address: null,
};

/** The agent API on a free port, over real ingest, with operators known as `mc_operator`, `mc_viewer` and `mc_acme` (of a customer). */
export async function startAgentApi(
  database: ConnectedDatabase,
  admission?: AdmissionPolicy,
  departureGraceMs = 10_000,
) {
  const logger = pino({ level: "silent" });
  const clock = { offsetMs: 0 };
  const now = () => Date.now() + clock.offsetMs;
  const changes = createChangeBus(logger);
  const definitions = new DefinitionCache({ dialect: database.dialect });
  changes.subscribe((type) => {
    if (type === "definitions") definitions.forget();
  });
  const storeBatches = createStoreBatches({
    database,
    definitions,
    decider: noNotifications,
    changes,
    now,
    newThreadKey: randomUUID,
  });
  const writer = new ResultWriter({ storeBatches, logger });
  const eventStreams = createEventStreams(Math.random);
  const agents = createAgents({
    database,
    audit: createAuditLog(now),
    changes,
    eventStreams,
    acceptCheckResults: (batch) => writer.write(batch),
    definitions,
    planServicesOfHost: async (tx, hostId, nowMs) => {
      await syncServicesOfHosts(tx, database.dialect, [hostId], "keep", nowMs);
    },
    publicUrl: null,
    logs: { sealer: createSealer(randomBytes(32)), endpoint: () => null },
    logger,
    now,
    departureGraceMs,
    ...(admission === undefined ? {} : { admission }),
  });
  const actors: Record<string, Actor> = {
    mc_operator: operator,
    mc_viewer: { ...operator, name: "vera", role: "viewer" },
    mc_acme: { ...operator, name: "anna", customer: "acme" },
  };
  const app = createHttpApp({
    routes: agents.routes,
    authenticators: {
      session: async () => null,
      apiToken: async (token) => actors[token] ?? null,
      agentToken: agents.authenticate,
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
  const { port } = server.address() as AddressInfo;
  agents.start();
  const url = `http://127.0.0.1:${port}`;

  async function call(method: string, path: string, token: string | null, body?: unknown, headers = {}) {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === "" ? undefined : JSON.parse(text) };
  }

  return {
    url,
    agents,
    changes,
    clock,
    now,
    call,
    async stop() {
      await agents.stop();
      eventStreams.closeAll();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await writer.stop();
    },
  };
}

export type AgentApi = Awaited<ReturnType<typeof startAgentApi>>;

/** A new key, and its public part as an agent sends it. */
export function newAgentKey() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: publicKey.export({ format: "jwk" }) };
}

/** A token as an agent signs it; `claims` replace the right ones. */
export function signToken(
  key: KeyObject,
  agentId: string,
  nowMs: number,
  claims: Record<string, unknown> = {},
): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(nowMs / 1000);
  const payload = { iss: agentId, sub: agentId, aud: agentAudience, iat, exp: iat + 60, ...claims };
  const text = `${encode({ alg: "EdDSA", kid: agentId })}.${encode(payload)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString("base64url")}`;
}

/** A token is created by an operator and used by a new agent. */
export async function enrol(api: AgentApi, hostName: string, input: Record<string, unknown> = {}) {
  const created = await api.call("POST", "enrolment-tokens", "mc_operator", input);
  const key = newAgentKey();
  const request = { token: created.body.token, hostName, agentVersion: "1", publicKey: key.publicKey };
  const answer = await api.call("POST", "agent/enrol", null, request);
  const agentId: string = answer.body?.agentId;
  return {
    answer,
    request,
    agentId,
    hostId: answer.body?.hostId as number,
    key,
    token: (claims?: Record<string, unknown>) => signToken(key.privateKey, agentId, api.now(), claims),
  };
}

/** A batch with one result for each service. */
export function batchFor(serviceIds: readonly number[], returnCode = 0, checkedAtMs = Date.now()): AgentResultBatch {
  return {
    batchId: randomUUID(),
    results: serviceIds.map((serviceId) => ({
      serviceId,
      returnCode,
      output: `LOAD ${returnCode}`,
      checkedAtMs,
      executionTimeSeconds: 0.1,
      latencySeconds: 0,
    })),
  };
}

/** A keepalive of an agent that has nothing to report. */
export function keepalive(more: Record<string, unknown> = {}) {
  return {
    agentVersion: "1",
    startedAtMs: 1,
    sentAtMs: Date.now(),
    configurationEtag: null,
    spooledBatches: 0,
    spooledBytes: 0,
    droppedResults: 0,
    rejectedBatches: 0,
    ...more,
  };
}
