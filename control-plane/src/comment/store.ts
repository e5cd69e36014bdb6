import { type Comment, CommentFilter, type CommentInput, CommentKind } from "@mycloud/protocol/comment";
import type { ListAnswer, ListQuery } from "@mycloud/protocol/list";
import type { Selectable } from "kysely";
import type { Executor } from "../database/dialect/dialect.ts";
import type { CommentTable } from "../database/schema.ts";
import { hasWords, isOneOf, readList } from "../http/list-query.ts";
import type { Scope } from "../scope/index.ts";

function commentsIn(executor: Executor, scope: Scope) {
  const comments = executor.selectFrom("comment").innerJoin("host", "host.id", "comment.host_id");
  return scope.kind === "all" ? comments : comments.where("host.customer", "=", scope.customer);
}

export async function listComments(executor: Executor, scope: Scope, query: ListQuery): Promise<ListAnswer<Comment>> {
  return await readList({
    query,
    filterSchema: CommentFilter,
    from: commentsIn(executor, scope),
    select: (rows) => rows.selectAll("comment"),
    sortable: { id: "comment.id", createdAtMs: "comment.created_at_ms", authorName: "comment.author_name" },
    defaultSort: "id",
    defaultOrder: "DESC",
    idColumn: "comment.id",
    filters: {
      id: (eb, id) => isOneOf(eb, "comment.id", id),
      q: (eb, words) => hasWords(eb, ["comment.text", "comment.author_name"], words),
      hostId: (eb, id) => eb("comment.host_id", "=", id),
      kind: (eb, kind) => eb("comment.kind", "=", kind),
      serviceId: (eb, id) => (id === null ? eb("comment.service_id", "is", null) : eb("comment.service_id", "=", id)),
    },
    toItem: toComment,
  });
}

export async function findComment(executor: Executor, scope: Scope, id: number): Promise<Comment | null> {
  const row = await commentsIn(executor, scope).selectAll("comment").where("comment.id", "=", id).executeTakeFirst();
  return row === undefined ? null : toComment(row);
}

/** The comments of a host itself (`serviceId` null) or of one of its services, oldest first. */
export async function findCommentsOf(
  executor: Executor,
  scope: Scope,
  hostId: number,
  serviceId: number | null,
): Promise<Comment[]> {
  const rows = await commentsIn(executor, scope)
    .selectAll("comment")
    .where("comment.host_id", "=", hostId)
    .where("comment.service_id", serviceId === null ? "is" : "=", serviceId)
    .orderBy("comment.id")
    .execute();
  return rows.map(toComment);
}

export async function insertComment(
  tx: Executor,
  input: CommentInput,
  authorName: string,
  nowMs: number,
): Promise<number> {
  const inserted = await tx
    .insertInto("comment")
    .values({
      host_id: input.hostId,
      service_id: input.serviceId,
      author_name: authorName,
      text: input.text,
      is_persistent: input.isPersistent ? 1 : 0,
      expires_at_ms: input.expiresAtMs,
      created_at_ms: nowMs,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return inserted.id;
}

/** Deletes the comments whose time has come; answers what they were about. */
export async function deleteExpiredComments(
  tx: Executor,
  nowMs: number,
): Promise<{ readonly hostId: number; readonly serviceId: number | null }[]> {
  const rows = await tx
    .selectFrom("comment")
    .select(["id", "host_id", "service_id"])
    .where("expires_at_ms", "<=", nowMs)
    .limit(1000)
    .execute();
  for (const { id } of rows) await deleteComment(tx, id);
  return rows.map((row) => ({ hostId: row.host_id, serviceId: row.service_id }));
}

export async function deleteComment(tx: Executor, id: number): Promise<void> {
  await tx.deleteFrom("comment").where("id", "=", id).execute();
}

/** The name of what a comment is about: `web1` or `web1/disk`; null when it does not exist, is not seen, or the service is another host's. */
export async function findSubjectName(
  executor: Executor,
  scope: Scope,
  hostId: number,
  serviceId: number | null,
): Promise<string | null> {
  const hosts = executor.selectFrom("host").select("name").where("id", "=", hostId);
  const host = await (scope.kind === "all" ? hosts : hosts.where("customer", "=", scope.customer)).executeTakeFirst();
  if (host === undefined || serviceId === null) return host?.name ?? null;
  const service = await executor
    .selectFrom("service")
    .select("name")
    .where("id", "=", serviceId)
    .where("host_id", "=", hostId)
    .executeTakeFirst();
  return service === undefined ? null : `${host.name}/${service.name}`;
}

function toComment(row: Selectable<CommentTable>): Comment {
  return {
    id: row.id,
    hostId: row.host_id,
    serviceId: row.service_id,
    text: row.text,
    isPersistent: row.is_persistent === 1,
    expiresAtMs: row.expires_at_ms,
    kind: CommentKind.parse(row.kind),
    authorName: row.author_name,
    createdAtMs: row.created_at_ms,
  };
}
