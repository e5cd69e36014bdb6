import { randomUUID } from "node:crypto";
import type { EnrolAnswer, EnrolRequest } from "@mycloud/protocol/agent";
import { HostInput } from "@mycloud/protocol/host";
import { Labels } from "@mycloud/protocol/name";
import { z } from "zod";
import type { EnrolledMachine } from "../account-mail/index.ts";
import type { AuditLog } from "../audit/index.ts";
import type { ConnectedDatabase, Dialect, Executor } from "../database/dialect/dialect.ts";
import { type ClaimedToken, claimEnrolmentToken } from "../enrolment-token/index.ts";
import { ConflictError, NotAllowedError } from "../error/index.ts";
import { createHost, saveLabelsAndGroups } from "../host/create-host.ts";
import { effectiveLabels } from "../host/effective-labels.ts";
import type { Actor } from "../http/actor.ts";
import { insertAgent, revokeAgents } from "./store.ts";

export interface EnrolDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly now: () => number;
  /** Gives the host the services that its labels and groups amount to; in the same transaction. */
  readonly planServicesOfHost: (tx: Executor, hostId: number, nowMs: number) => Promise<void>;
  /** Tells those whose machine it is, in the same transaction. */
  readonly tellEnrolled?: (tx: Executor, machine: EnrolledMachine) => Promise<void>;
}

/**
 * Uses a token up, makes the host or takes over the one of that name, and remembers the agent's public key; all or nothing. Throws
 * AuthenticationError for the token, NotAllowedError where it is bound to another host, ConflictError where the host is somebody else's.
 */
export async function enrolAgent(
  deps: EnrolDependencies,
  request: EnrolRequest,
  address: string | null,
): Promise<EnrolAnswer & { readonly tokenId: number }> {
  const { database, audit } = deps;
  const agentId = randomUUID();
  return database.transaction(async (tx) => {
    const nowMs = deps.now();
    const token = await claimEnrolmentToken(tx, database.dialect, request.token, nowMs);
    if (token.hostName !== null && token.hostName !== request.hostName) {
      throw new NotAllowedError(
        `this enrolment token is for the host "${token.hostName}", not for "${request.hostName}"; give --host-name ${token.hostName}, or create another token`,
      );
    }
    const hostId = await takeHost(tx, database.dialect, token, request, nowMs);
    await revokeAgents(tx, { hostId }, nowMs);
    const publicKeyJson = JSON.stringify(request.publicKey);
    await insertAgent(tx, { id: agentId, hostId, publicKeyJson, version: request.agentVersion }, nowMs);
    await tx.updateTable("enrolment_token").set({ used_by_host_id: hostId }).where("id", "=", token.id).execute();
    await deps.planServicesOfHost(tx, hostId, nowMs);
    await audit.record(tx, {
      actor: enrollingActor(agentId, request.hostName, token, hostId, address),
      action: "agent.enrol",
      resourceKind: "host",
      resourceId: hostId,
      resourceName: request.hostName,
      after: {
        agentId,
        agentVersion: request.agentVersion,
        enrolmentTokenId: token.id,
        createdBy: token.createdByName,
      },
    });
    const { customer, createdByName: invitedByName } = token;
    await deps.tellEnrolled?.(tx, {
      hostId,
      hostName: request.hostName,
      customer,
      address,
      invitedByName,
      atMs: nowMs,
    });
    return { agentId, hostId, hostName: request.hostName, tokenId: token.id };
  });
}

async function takeHost(
  tx: Executor,
  dialect: Dialect,
  token: ClaimedToken,
  request: EnrolRequest,
  nowMs: number,
): Promise<number> {
  const existing = await tx
    .selectFrom("host")
    .select(["id", "customer", "address", "labels_json", "groups_json"])
    .where("name", "=", request.hostName)
    .modifyEnd(dialect.forUpdate)
    .executeTakeFirst();
  if (existing === undefined) {
    const { hostName: name, facts, address } = request;
    const { labels, groups, customer } = token;
    const input = HostInput.parse({ name, address, labels, groups, customer });
    return createHost(tx, dialect, { ...input, origin: "enrolled", facts }, nowMs);
  }
  await refuseTakeover(tx, token, existing, request.hostName);
  const labels = { ...token.labels, ...Labels.parse(JSON.parse(existing.labels_json)) };
  const groups = [...new Set([...z.array(z.string()).parse(JSON.parse(existing.groups_json)), ...token.groups])];
  await tx
    .updateTable("host")
    .set({
      labels_json: JSON.stringify(labels),
      groups_json: JSON.stringify(groups),
      facts_json: JSON.stringify(request.facts),
      address: existing.address ?? request.address,
      updated_at_ms: nowMs,
    })
    .where("id", "=", existing.id)
    .execute();
  await saveLabelsAndGroups(tx, dialect, existing.id, effectiveLabels(request.facts, labels), groups);
  return existing.id;
}

/** Whoever has a token for any host must not become a host that somebody watches already. */
async function refuseTakeover(
  tx: Executor,
  token: ClaimedToken,
  existing: { readonly id: number; readonly customer: string | null },
  hostName: string,
): Promise<void> {
  if (existing.customer !== token.customer) {
    throw new ConflictError(
      `there is a host named "${hostName}" already, and this token is not for it; choose another --host-name`,
    );
  }
  if (token.hostName === hostName) return;
  const agent = await tx
    .selectFrom("agent")
    .select("id")
    .where("host_id", "=", existing.id)
    .where("revoked_at_ms", "is", null)
    .executeTakeFirst();
  if (agent === undefined) return;
  throw new ConflictError(
    `the host "${hostName}" has an agent already; revoke that first, or create a token bound to this host name`,
  );
}

function enrollingActor(
  agentId: string,
  hostName: string,
  token: ClaimedToken,
  hostId: number,
  address: string | null,
): Actor {
  const { customer } = token;
  return { kind: "agent", id: agentId, name: hostName, role: null, scopes: [], customer, hostId, address };
}
