import {
  type EnrolmentToken,
  EnrolmentTokenFilter,
  type EnrolmentTokenInput,
  type EnrolmentTokenPhase,
} from "@mycloud/protocol/enrolment-token";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import { Labels } from "@mycloud/protocol/name";
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Executor } from "../database/dialect/dialect.ts";
import type { Database, EnrolmentTokenTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";
import { hashSecret } from "../session/index.ts";

/** One page of tokens within the scope. */
export function listEnrolmentTokens(
  executor: Executor,
  scope: Scope,
  query: ListQuery,
  nowMs: number,
): Promise<ListAnswer<EnrolmentToken>> {
  return readList({
    query,
    filterSchema: EnrolmentTokenFilter,
    from: tokensIn(executor, scope),
    select: (rows) => rows.selectAll("enrolment_token").select("host.name as used_by_host_name"),
    sortable: {
      id: "enrolment_token.id",
      hostName: "enrolment_token.host_name",
      customer: "enrolment_token.customer",
      createdAtMs: "enrolment_token.created_at_ms",
      expiresAtMs: "enrolment_token.expires_at_ms",
      usedAtMs: "enrolment_token.used_at_ms",
    },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "enrolment_token.id",
    filters: {
      id: (eb, value) => isOneOf(eb, "enrolment_token.id", value),
      q: (eb, value) =>
        hasWords(eb, ["enrolment_token.host_name", "enrolment_token.created_by_name", "host.name"], value),
      phase: (eb, value) => {
        const phases = typeof value === "string" ? [value] : value;
        return phases.length === 0 ? sql<SqlBool>`1 = 0` : eb.or(phases.map((phase) => isInPhase(eb, phase, nowMs)));
      },
    },
    toItem: (row) => toEnrolmentToken(row, nowMs),
  });
}

/** One token; undefined when it does not exist or is not theirs to see. */
export async function findEnrolmentToken(
  executor: Executor,
  scope: Scope,
  id: number,
  nowMs: number,
): Promise<EnrolmentToken | undefined> {
  const row = await tokensIn(executor, scope)
    .selectAll("enrolment_token")
    .select("host.name as used_by_host_name")
    .where("enrolment_token.id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : toEnrolmentToken(row, nowMs);
}

/** Keeps a new token's hash and answers its id. */
export async function insertEnrolmentToken(
  executor: Executor,
  input: EnrolmentTokenInput & { readonly token: string; readonly createdByName: string },
  nowMs: number,
): Promise<number> {
  const inserted = await executor
    .insertInto("enrolment_token")
    .values({
      token_hash: hashSecret(input.token),
      host_name: input.hostName,
      customer: input.customer,
      labels_json: JSON.stringify(input.labels),
      groups_json: JSON.stringify(input.groups),
      created_by_name: input.createdByName.slice(0, 255),
      created_at_ms: nowMs,
      expires_at_ms: nowMs + input.lifetimeSeconds * 1000,
      revoked_at_ms: null,
      used_at_ms: null,
      used_by_host_id: null,
    })
    .executeTakeFirstOrThrow();
  return Number(inserted.insertId);
}

/** True when the token was waiting and is revoked now. */
export async function revokeEnrolmentToken(executor: Executor, id: number, nowMs: number): Promise<boolean> {
  const updated = await executor
    .updateTable("enrolment_token")
    .set({ revoked_at_ms: nowMs })
    .where("id", "=", id)
    .where("used_at_ms", "is", null)
    .where("revoked_at_ms", "is", null)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

function tokensIn(executor: Executor, scope: Scope) {
  const tokens = executor.selectFrom("enrolment_token").leftJoin("host", "host.id", "enrolment_token.used_by_host_id");
  return scope.kind === "all" ? tokens : tokens.where("enrolment_token.customer", "=", scope.customer);
}

function isInPhase(
  eb: ExpressionBuilder<Database, "enrolment_token">,
  phase: EnrolmentTokenPhase,
  nowMs: number,
): Expression<SqlBool> {
  const isUsed = eb("enrolment_token.used_at_ms", "is not", null);
  const isUnused = eb("enrolment_token.used_at_ms", "is", null);
  const isRevoked = eb("enrolment_token.revoked_at_ms", "is not", null);
  const isUnrevoked = eb("enrolment_token.revoked_at_ms", "is", null);
  if (phase === "used") return isUsed;
  if (phase === "revoked") return eb.and([isUnused, isRevoked]);
  const isExpired = eb("enrolment_token.expires_at_ms", phase === "expired" ? "<=" : ">", nowMs);
  return eb.and([isUnused, isUnrevoked, isExpired]);
}

type TokenRow = Omit<EnrolmentTokenTable, "id"> & { readonly id: number; readonly used_by_host_name: string | null };

function toEnrolmentToken(row: TokenRow, nowMs: number): EnrolmentToken {
  return {
    id: row.id,
    hostName: row.host_name,
    customer: row.customer,
    labels: Labels.parse(JSON.parse(row.labels_json)),
    groups: z.array(z.string()).parse(JSON.parse(row.groups_json)),
    phase: phaseOf(row, nowMs),
    createdByName: row.created_by_name,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    usedAtMs: row.used_at_ms,
    usedByHostId: row.used_by_host_id,
    usedByHostName: row.used_by_host_name,
  };
}

function phaseOf(row: TokenRow, nowMs: number): EnrolmentTokenPhase {
  if (row.used_at_ms !== null) return "used";
  if (row.revoked_at_ms !== null) return "revoked";
  return row.expires_at_ms <= nowMs ? "expired" : "waiting";
}
