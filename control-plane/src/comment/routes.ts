import { Comment, CommentFilter, CommentInput } from "@mycloud/protocol/comment";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { listComments } from "./store.ts";
import type { Comments } from "./write-comments.ts";

export interface CommentRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly comments: Comments;
}

/** Comments on hosts and services. */
export function createCommentRoutes({ database, comments }: CommentRoutesDependencies): Route[] {
  return [
    route({
      method: "get",
      path: "/api/v1/comments",
      summary: "List comments",
      access: forViewers,
      query: ListQuery,
      filter: CommentFilter,
      answer: listAnswer(Comment),
      handle: ({ scope, query }) => listComments(database.db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/comments",
      summary: "Comment on a host or a service",
      access: forOperators,
      body: CommentInput,
      answer: Comment,
      handle: ({ actor, scope, body }) => comments.add({ actor, scope }, body),
    }),
    route({
      method: "delete",
      path: "/api/v1/comments/:id",
      summary: "Delete a comment",
      access: forOperators,
      params: IdParams,
      answer: Comment,
      handle: ({ actor, scope, params }) => comments.remove({ actor, scope }, params.id),
    }),
  ];
}
