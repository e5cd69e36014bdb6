import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError } from "../error/index.ts";
import type { Operator } from "../operation/operator.ts";
import type { CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

/** Tells whoever the rules name for an object what somebody wrote; answers how many are told. */
export type SendCustom = (
  operator: Operator,
  object: { readonly hostId: number; readonly serviceId: number | null },
  words: { readonly authorName: string; readonly comment: string },
) => Promise<number>;

interface NotificationCommandsDependencies {
  readonly database: ConnectedDatabase;
  readonly sendCustom?: SendCustom;
  readonly find: ObjectFinder;
}

/** SEND_CUSTOM_*_NOTIFICATION, DELAY_*_NOTIFICATION and SET_*_NOTIFICATION_NUMBER. */
export function createNotificationCommands({
  database,
  sendCustom,
  find,
}: NotificationCommandsDependencies): CommandTable {
  async function send(fields: CommandFields, { operator }: CommandContext, hostId: number, serviceId: number | null) {
    // Nagios' options (broadcast 1, forced 2, increment 4): rules say who is told here, and what somebody writes is always said.
    fields.integer("options");
    if (sendCustom === undefined) throw new ConflictError("nobody can be told anything here");
    const words = { authorName: fields.name("author"), comment: fields.comment("comment", "-") };
    const count = await sendCustom(operator, { hostId, serviceId }, words);
    if (count === 0) throw new ConflictError("no notification rule names anybody who could be told");
    return `told ${count}`;
  }

  /** Where rules stand with the open problem of a host or service. */
  function openSchedules(hostId: number, serviceId: number | null) {
    return database.db.updateTable("notification_schedule").where("problem_id", "in", (eb) =>
      eb
        .selectFrom("problem")
        .select("problem.id")
        .where("problem.host_id", "=", hostId)
        .where("problem.service_id", serviceId === null ? "is" : "=", serviceId)
        .where("problem.ended_at_ms", "is", null),
    );
  }

  /** As many times as it says count as told, which is what escalations go by. */
  async function setNumber(fields: CommandFields, hostId: number, serviceId: number | null) {
    const count = fields.integer("number");
    if (count < 0 || count > 1_000_000) throw new ConflictError("number is not between 0 and 1000000");
    const updated = await openSchedules(hostId, serviceId).set({ count }).executeTakeFirst();
    if (updated.numUpdatedRows === 0n) throw new ConflictError("no rule counts how often it has told of this problem");
    return `told ${count} times, as escalations count`;
  }

  async function delay(fields: CommandFields, hostId: number, serviceId: number | null) {
    const atMs = fields.instantMs("time");
    if (atMs === null) throw new ConflictError("time is missing");
    const updated = await openSchedules(hostId, serviceId)
      .set({ due_at_ms: atMs })
      .where("due_at_ms", "is not", null)
      .where("due_at_ms", "<", atMs)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) throw new ConflictError("nobody would be told again before that time");
    return `nobody is told again before ${new Date(atMs).toISOString()}`;
  }

  return {
    SEND_CUSTOM_HOST_NOTIFICATION: {
      fields: ["host", "options", "author", "comment"],
      async run(fields, context) {
        const host = await find.host(context.operator.scope, fields.name("host"));
        return await send(fields, context, host.id, null);
      },
    },
    SEND_CUSTOM_SVC_NOTIFICATION: {
      fields: ["host", "service", "options", "author", "comment"],
      async run(fields, context) {
        const { scope } = context.operator;
        const { host, service } = await find.service(scope, fields.name("host"), fields.name("service"));
        return await send(fields, context, host.id, service.id);
      },
    },
    DELAY_HOST_NOTIFICATION: {
      fields: ["host", "time"],
      async run(fields, { operator }) {
        const host = await find.host(operator.scope, fields.name("host"));
        return await delay(fields, host.id, null);
      },
    },
    SET_HOST_NOTIFICATION_NUMBER: {
      fields: ["host", "number"],
      async run(fields, { operator }) {
        const host = await find.host(operator.scope, fields.name("host"));
        return await setNumber(fields, host.id, null);
      },
    },
    SET_SVC_NOTIFICATION_NUMBER: {
      fields: ["host", "service", "number"],
      async run(fields, { operator }) {
        const { host, service } = await find.service(operator.scope, fields.name("host"), fields.name("service"));
        return await setNumber(fields, host.id, service.id);
      },
    },
    DELAY_SVC_NOTIFICATION: {
      fields: ["host", "service", "time"],
      async run(fields, { operator }) {
        const { host, service } = await find.service(operator.scope, fields.name("host"), fields.name("service"));
        return await delay(fields, host.id, service.id);
      },
    },
  };
}
