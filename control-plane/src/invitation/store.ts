import { type Invitation, InvitationFilter, type InvitationPhase } from "@mycloud/protocol/invitation";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { Role } from "@mycloud/protocol/user";
import type { Selectable } from "kysely";
import type { Executor } from "../database/dialect/dialect.ts";
import type { OneTimeLinkTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

function invitationsIn(executor: Executor, scope: Scope) {
  const links = executor.selectFrom("one_time_link").where("kind", "=", "invitation");
  return scope.kind === "all" ? links : links.where("customer", "=", scope.customer);
}

export async function listInvitations(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
): Promise<ListAnswer<Invitation>> {
  return await readList({
    query,
    filterSchema: InvitationFilter,
    from: invitationsIn(executor, scope),
    select: (rows) => rows.selectAll(),
    sortable: {
      id: "id",
      email: "email",
      customer: "customer",
      createdAtMs: "created_at_ms",
      expiresAtMs: "expires_at_ms",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "id",
    filters: {
      id: (eb, id) => isOneOf(eb, "id", id),
      q: (eb, words) => hasWords(eb, ["email", "created_by_name"], words),
    },
    toItem: (row) => toInvitation(row, nowMs),
  });
}

export async function findInvitation(
  executor: Executor,
  scope: Scope,
  id: number,
  nowMs: number,
): Promise<Invitation | null> {
  const row = await invitationsIn(executor, scope).selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? null : toInvitation(row, nowMs);
}

/** Takes an invitation back; its link is worth nothing then. */
export async function revokeInvitation(tx: Executor, id: number, nowMs: number): Promise<void> {
  await tx
    .updateTable("one_time_link")
    .set({ revoked_at_ms: nowMs })
    .where("id", "=", id)
    .where("used_at_ms", "is", null)
    .execute();
}

function phaseOf(row: Selectable<OneTimeLinkTable>, nowMs: number): InvitationPhase {
  if (row.used_at_ms !== null) return "accepted";
  if (row.revoked_at_ms !== null) return "revoked";
  return row.expires_at_ms <= nowMs ? "expired" : "waiting";
}

function toInvitation(row: Selectable<OneTimeLinkTable>, nowMs: number): Invitation {
  return {
    id: row.id,
    email: row.email,
    role: Role.parse(row.role),
    customer: row.customer,
    phase: phaseOf(row, nowMs),
    invitedByName: row.created_by_name,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    acceptedAtMs: row.used_at_ms,
  };
}
