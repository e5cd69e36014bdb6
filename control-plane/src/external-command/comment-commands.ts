import type { Comments } from "../comment/index.ts";
import type { CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

interface CommentCommandsDependencies {
  readonly comments: Comments;
  readonly find: ObjectFinder;
}

/** ADD_*_COMMENT, DEL_*_COMMENT, DEL_ALL_*_COMMENTS. */
export function createCommentCommands({ comments, find }: CommentCommandsDependencies): CommandTable {
  async function add(
    fields: CommandFields,
    { operator }: CommandContext,
    hostId: number,
    serviceId: number | null,
  ): Promise<string> {
    const isPersistent = fields.flag("persistent");
    const input = { hostId, serviceId, text: fields.comment("comment", "-"), isPersistent, expiresAtMs: null };
    const { id } = await comments.add(operator, input, fields.text("author"));
    return `added comment ${id}`;
  }

  const removeOne = {
    fields: ["comment id"],
    async run(fields: CommandFields, { operator }: CommandContext) {
      const id = fields.integer("comment id");
      await comments.remove(operator, id);
      return `deleted comment ${id}`;
    },
  };

  return {
    ADD_HOST_COMMENT: {
      fields: ["host", "persistent", "author", "comment"],
      async run(fields, context) {
        const host = await find.host(context.operator.scope, fields.name("host"));
        return await add(fields, context, host.id, null);
      },
    },
    ADD_SVC_COMMENT: {
      fields: ["host", "service", "persistent", "author", "comment"],
      async run(fields, context) {
        const { scope } = context.operator;
        const { host, service } = await find.service(scope, fields.name("host"), fields.name("service"));
        return await add(fields, context, host.id, service.id);
      },
    },
    DEL_HOST_COMMENT: removeOne,
    DEL_SVC_COMMENT: removeOne,
    DEL_ALL_HOST_COMMENTS: {
      fields: ["host"],
      async run(fields, { operator }) {
        const host = await find.host(operator.scope, fields.name("host"));
        return `deleted ${await comments.removeAll(operator, host.id, null)} comments of ${host.name}`;
      },
    },
    DEL_ALL_SVC_COMMENTS: {
      fields: ["host", "service"],
      async run(fields, { operator }) {
        const { host, service } = await find.service(operator.scope, fields.name("host"), fields.name("service"));
        const count = await comments.removeAll(operator, host.id, service.id);
        return `deleted ${count} comments of ${host.name}/${service.name}`;
      },
    },
  };
}
