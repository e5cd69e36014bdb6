import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { CheckNow } from "../agent-command/index.ts";
import { ConflictError } from "../error/index.ts";
import type { CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

interface CheckCommandsDependencies {
  readonly checkNow: CheckNow;
  readonly find: ObjectFinder;
}

/** A check asked for later than this is taken for a slip of the pen. */
const horizonMs = 366 * 86_400_000;

/**
 * SCHEDULE_(FORCED_)*_CHECK(S): the agent runs the checks at once, or when the time has come, beside its own timetable. Forced or not makes no
 * difference: a person asked.
 */
export function createCheckCommands({ checkNow, find }: CheckCommandsDependencies): CommandTable {
  async function check(
    fields: CommandFields,
    { operator, nowMs }: CommandContext,
    objects: { readonly hostIds: number[]; readonly serviceIds: number[] },
  ): Promise<string> {
    const atMs = fields.instantMs("time") ?? nowMs;
    if (atMs > nowMs + horizonMs) throw new ConflictError("the time is more than a year from now");
    const isLater = atMs > nowMs;
    const answer = await (isLater ? checkNow(operator, objects, atMs) : checkNow(operator, objects));
    const [first] = answer.refused;
    if (answer.done.length === 0 && first !== undefined) throw new ConflictError(first.message);
    return `asked for ${countOf(answer)}${isLater ? ` at ${new Date(atMs).toISOString()}` : ""}`;
  }

  const ofHost = {
    fields: ["host", "time?"],
    async run(fields: CommandFields, context: CommandContext) {
      const host = await find.host(context.operator.scope, fields.name("host"));
      return await check(fields, context, { hostIds: [host.id], serviceIds: [] });
    },
  };
  const ofService = {
    fields: ["host", "service", "time?"],
    async run(fields: CommandFields, context: CommandContext) {
      const { scope } = context.operator;
      const { service } = await find.service(scope, fields.name("host"), fields.name("service"));
      return await check(fields, context, { hostIds: [], serviceIds: [service.id] });
    },
  };

  const ofHostGroup = {
    fields: ["host group", "time?"],
    async run(fields: CommandFields, context: CommandContext) {
      const hosts = await find.hostsOfGroup(context.operator.scope, fields.name("host group"));
      return await check(fields, context, { hostIds: hosts.map(({ id }) => id), serviceIds: [] });
    },
  };
  const ofServiceGroup = {
    fields: ["service group", "time?"],
    async run(fields: CommandFields, context: CommandContext) {
      const members = await find.servicesOfGroup(context.operator.scope, fields.name("service group"));
      return await check(fields, context, { hostIds: [], serviceIds: members.map(({ service }) => service.id) });
    },
  };

  return {
    SCHEDULE_HOST_CHECK: ofHost,
    SCHEDULE_FORCED_HOST_CHECK: ofHost,
    SCHEDULE_HOST_SVC_CHECKS: ofHost,
    SCHEDULE_FORCED_HOST_SVC_CHECKS: ofHost,
    SCHEDULE_HOSTGROUP_HOST_CHECKS: ofHostGroup,
    SCHEDULE_FORCED_HOSTGROUP_HOST_CHECKS: ofHostGroup,
    SCHEDULE_HOSTGROUP_SVC_CHECKS: ofHostGroup,
    SCHEDULE_FORCED_HOSTGROUP_SVC_CHECKS: ofHostGroup,
    SCHEDULE_SERVICEGROUP_SVC_CHECKS: ofServiceGroup,
    SCHEDULE_FORCED_SERVICEGROUP_SVC_CHECKS: ofServiceGroup,
    SCHEDULE_SVC_CHECK: ofService,
    SCHEDULE_FORCED_SVC_CHECK: ofService,
  };
}

function countOf({ done, refused }: BulkAnswer): string {
  const isWhole = done.some(({ serviceId }) => serviceId === null);
  const what = isWhole ? "the checks of the host" : "the check";
  return refused.length === 0 ? what : `${what}; ${refused.length} cannot be run`;
}
