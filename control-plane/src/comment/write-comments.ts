import type { Comment, CommentInput } from "@mycloud/protocol/comment";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase, Executor } from "../database/dialect/dialect.ts";
import { NotFoundError } from "../error/index.ts";
import { authorOf, type Operator } from "../operation/operator.ts";
import type { Scope } from "../scope/index.ts";
import {
  deleteComment,
  deleteExpiredComments,
  findComment,
  findCommentsOf,
  findSubjectName,
  insertComment,
} from "./store.ts";

export interface CommentDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** What can be done with comments; each call is one transaction with its audit. */
export interface Comments {
  /** Throws NotFoundError when the host or service is not there or not seen. `authorName` replaces the operator's own name. */
  add(operator: Operator, input: CommentInput, authorName?: string): Promise<Comment>;
  /** Throws NotFoundError. */
  remove(operator: Operator, id: number): Promise<Comment>;
  /** Deletes the comments of a host itself (`serviceId` null) or of one of its services; answers how many. */
  removeAll(operator: Operator, hostId: number, serviceId: number | null): Promise<number>;
  /** Deletes those whose time has come. */
  deleteExpired(): Promise<void>;
}

export function createComments({ database, audit, changes, now }: CommentDependencies): Comments {
  async function existing(executor: Executor, scope: Scope, id: number): Promise<Comment> {
    const comment = await findComment(executor, scope, id);
    if (comment === null) throw new NotFoundError(`there is no comment ${id}`);
    return comment;
  }

  function publish({ hostId, serviceId }: Pick<Comment, "hostId" | "serviceId">): void {
    if (serviceId === null) changes.publish("hosts", [hostId]);
    else changes.publish("services", [serviceId]);
  }

  return {
    async add(operator, input, authorName) {
      const { actor, scope } = operator;
      const comment = await database.transaction(async (tx) => {
        const resourceName = await findSubjectName(tx, scope, input.hostId, input.serviceId);
        if (resourceName === null) {
          const what =
            input.serviceId === null ? `host ${input.hostId}` : `service ${input.serviceId} on host ${input.hostId}`;
          throw new NotFoundError(`there is no ${what}`);
        }
        const id = await insertComment(tx, input, authorOf(operator, authorName), now());
        const after = await existing(tx, scope, id);
        const record = { actor, resourceKind: "comment", resourceId: after.id, resourceName };
        await audit.record(tx, { ...record, action: "comment.create", after });
        return after;
      });
      publish(comment);
      return comment;
    },

    async remove({ actor, scope }, id) {
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

    async removeAll({ actor, scope }, hostId, serviceId) {
      const comments = await database.transaction(async (tx) => {
        const found = await findCommentsOf(tx, scope, hostId, serviceId);
        for (const before of found) {
          await deleteComment(tx, before.id);
          const record = { actor, resourceKind: "comment", resourceId: before.id, resourceName: null };
          await audit.record(tx, { ...record, action: "comment.delete", before });
        }
        return found;
      });
      const [first] = comments;
      if (first !== undefined) publish(first);
      return comments.length;
    },

    async deleteExpired() {
      for (const subject of await database.transaction((tx) => deleteExpiredComments(tx, now()))) publish(subject);
    },
  };
}
