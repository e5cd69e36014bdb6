import { Comment, CommentFilter, CommentInput } from "@mycloud/protocol/comment";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import type { Scope } from "../scope/index.ts";
import { deleteComment, findComment, findSubjectName, insertComment, listComments } from "./store.ts";

export interface CommentRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** Comments on hosts and services. */
export function createCommentRoutes({ database, audit, changes, now }: CommentRoutesDependencies): Route[] {
  const { db } = database;

  async function existing(executor: Executor, scope: Scope, id: number): Promise<Comment> {
    const comment = await findComment(executor, scope, id);
    if (comment === null) throw new NotFoundError(`there is no comment ${id}`);
    return comment;
  }

  function publish({ hostId, serviceId }: Comment): void {
    if (serviceId === null) changes.publish("hosts", [hostId]);
    else changes.publish("services", [serviceId]);
  }

  return [
    route({
      method: "get",
      path: "/api/v1/comments",
      summary: "List comments",
      access: forViewers,
      query: ListQuery,
      filter: CommentFilter,
      answer: listAnswer(Comment),
      handle: ({ scope, query }) => listComments(db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/comments",
      summary: "Comment on a host or a service",
      access: forOperators,
      body: CommentInput,
      answer: Comment,
      async handle({ actor, scope, body }) {
        const comment = await database.transaction(async (tx) => {
          const resourceName = await findSubjectName(tx, scope, body.hostId, body.serviceId);
          if (resourceName === null) {
            const what =
              body.serviceId === null ? `host ${body.hostId}` : `service ${body.serviceId} on host ${body.hostId}`;
            throw new NotFoundError(`there is no ${what}`);
          }
          const after = await existing(tx, scope, await insertComment(tx, body, actor.name, now()));
          const record = { actor, resourceKind: "comment", resourceId: after.id, resourceName };
          await audit.record(tx, { ...record, action: "comment.create", after });
          return after;
        });
        publish(comment);
        return comment;
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/comments/:id",
      summary: "Delete a comment",
      access: forOperators,
      params: IdParams,
      answer: Comment,
      async handle({ actor, scope, params: { id } }) {
        const comment = await database.transaction(async (tx) => {
          const before = await existing(tx, scope, id);
          await deleteComment(tx, id);
          const record = { actor, resourceKind: "comment", resourceId: id, resourceName: null };
          await audit.record(tx, { ...record, action: "comment.delete", before });
          return before;
        });
        publish(comment);
        return comment;
      },
    }),
  ];
}
