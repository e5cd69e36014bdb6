import { DowntimeInput } from "@mycloud/protocol/downtime";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { Downtimes, NamedDowntimes } from "../downtime/index.ts";
import { InputError, NotFoundError } from "../error/index.ts";
import type { ActionCommand, CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

interface DowntimeCommandsDependencies {
  readonly downtimes: Downtimes;
  readonly find: ObjectFinder;
}

const windowFields = ["start", "end", "fixed", "trigger id", "duration", "author", "comment?"];
/** As many names as a selector takes. */
const hostsPerSelector = 200;

/**
 * SCHEDULE_*_DOWNTIME and DEL_*_DOWNTIME. What Nagios would turn into a downtime for each member now is one downtime with a selector here: it
 * covers members that are added later as well, and is deleted as one.
 */
export function createDowntimeCommands({ downtimes, find }: DowntimeCommandsDependencies): CommandTable {
  async function schedule(
    fields: CommandFields,
    { operator, nowMs }: CommandContext,
    selector: ServiceSelector,
    triggeredById?: number,
  ): Promise<number> {
    const endAtMs = fields.instantMs("end");
    if (endAtMs === null) throw new InputError("end is missing");
    const isFixed = fields.flag("fixed");
    const input = DowntimeInput.safeParse({
      selector,
      startAtMs: fields.instantMs("start") ?? nowMs,
      endAtMs,
      isFixed,
      durationSeconds: isFixed ? null : fields.integer("duration"),
      triggeredById: triggeredById ?? (fields.integer("trigger id", 0) || null),
      comment: fields.comment("comment", "scheduled by command"),
    });
    if (!input.success) throw new InputError(input.error.issues[0]?.message ?? "no downtime");
    return (await downtimes.plan(operator, input.data, fields.text("author"))).id;
  }

  function scheduling(
    names: readonly string[],
    selectorOf: (fields: CommandFields, context: CommandContext) => Promise<ServiceSelector>,
  ): ActionCommand {
    return {
      fields: [...names, ...windowFields],
      async run(fields, context) {
        return `scheduled downtime ${await schedule(fields, context, await selectorOf(fields, context))}`;
      },
    };
  }

  /** The host, and everything that is reached through it: with it, or begun by its beginning. */
  function propagating(isTriggered: boolean): ActionCommand {
    return {
      fields: ["host", ...windowFields],
      async run(fields, context) {
        const { scope } = context.operator;
        const host = await find.host(scope, fields.name("host"));
        const children = (await find.childrenOf(scope, host.name)).map(({ name }) => name);
        const id = await schedule(fields, context, { hosts: [host.name], services: [] });
        for (let at = 0; at < children.length; at += hostsPerSelector) {
          const selector = { hosts: children.slice(at, at + hostsPerSelector), services: [] };
          await schedule(fields, context, selector, isTriggered ? id : undefined);
        }
        return `scheduled downtime ${id}, and for ${children.length} hosts behind ${host.name}`;
      },
    };
  }

  const removeOne: ActionCommand = {
    fields: ["downtime id"],
    async run(fields, { operator }) {
      const id = fields.integer("downtime id");
      await downtimes.cancel(operator, id);
      return `cancelled downtime ${id}`;
    },
  };

  async function remove({ operator }: CommandContext, which: NamedDowntimes): Promise<string> {
    const count = await downtimes.cancelNamed(operator, which);
    if (count === 0) throw new NotFoundError("there is no such downtime");
    return `cancelled ${count} downtimes`;
  }

  return {
    SCHEDULE_HOST_DOWNTIME: scheduling(["host"], async (fields, { operator }) => {
      const { name } = await find.host(operator.scope, fields.name("host"));
      return { hosts: [name], services: [] };
    }),
    SCHEDULE_HOST_SVC_DOWNTIME: scheduling(["host"], async (fields, { operator }) => {
      const { name } = await find.host(operator.scope, fields.name("host"));
      return { hosts: [name], services: ["*"] };
    }),
    SCHEDULE_SVC_DOWNTIME: scheduling(["host", "service"], async (fields, { operator }) => {
      const { host, service } = await find.service(operator.scope, fields.name("host"), fields.name("service"));
      return { hosts: [host.name], services: [service.name] };
    }),
    SCHEDULE_HOSTGROUP_HOST_DOWNTIME: scheduling(["host group"], async (fields, { operator }) => {
      const group = fields.name("host group");
      await find.hostsOfGroup(operator.scope, group);
      return { groups: [group], services: [] };
    }),
    SCHEDULE_HOSTGROUP_SVC_DOWNTIME: scheduling(["host group"], async (fields, { operator }) => {
      const group = fields.name("host group");
      await find.hostsOfGroup(operator.scope, group);
      return { groups: [group], services: ["*"] };
    }),
    SCHEDULE_SERVICEGROUP_SVC_DOWNTIME: scheduling(["service group"], async (fields, { operator }) => {
      const group = fields.name("service group");
      const selector = await find.serviceGroupSelector(group);
      await find.servicesOfGroup(operator.scope, group);
      return { ...selector, services: selector.services ?? ["*"] };
    }),
    SCHEDULE_SERVICEGROUP_HOST_DOWNTIME: scheduling(["service group"], async (fields, { operator }) => {
      const members = await find.servicesOfGroup(operator.scope, fields.name("service group"));
      const hosts = [...new Set(members.map(({ host }) => host.name))];
      if (hosts.length === 0) throw new NotFoundError("the service group has no member");
      if (hosts.length > hostsPerSelector)
        throw new InputError(`the service group is on more than ${hostsPerSelector} hosts`);
      return { hosts, services: [] };
    }),
    SCHEDULE_AND_PROPAGATE_HOST_DOWNTIME: propagating(false),
    SCHEDULE_AND_PROPAGATE_TRIGGERED_HOST_DOWNTIME: propagating(true),
    DEL_HOST_DOWNTIME: removeOne,
    DEL_SVC_DOWNTIME: removeOne,
    DEL_DOWNTIME_BY_HOST_NAME: {
      fields: ["host", "service?", "start?", "comment?"],
      async run(fields, context) {
        const { name } = await find.host(context.operator.scope, fields.name("host"));
        return await remove(context, { hosts: [name], ...narrowed(fields) });
      },
    },
    DEL_DOWNTIME_BY_HOSTGROUP_NAME: {
      fields: ["host group", "host?", "service?", "start?", "comment?"],
      async run(fields, context) {
        const group = fields.name("host group");
        const members = await find.hostsOfGroup(context.operator.scope, group);
        const only = fields.text("host").trim();
        const hosts = members.map(({ name }) => name).filter((name) => only === "" || name === only);
        return await remove(context, { hosts, ...(only === "" ? { group } : {}), ...narrowed(fields) });
      },
    },
    DEL_DOWNTIME_BY_START_TIME_COMMENT: {
      fields: ["start?", "comment?"],
      async run(fields, context) {
        const which = narrowed(fields);
        if (Object.keys(which).length === 0) throw new InputError("give a start or a comment");
        return await remove(context, which);
      },
    },
    DEL_ALL_HOST_DOWNTIMES: {
      fields: ["host"],
      async run(fields, context) {
        const { name } = await find.host(context.operator.scope, fields.name("host"));
        return await remove(context, { hosts: [name], service: null });
      },
    },
    DEL_ALL_SVC_DOWNTIMES: {
      fields: ["host", "service"],
      async run(fields, context) {
        const { scope } = context.operator;
        const { host, service } = await find.service(scope, fields.name("host"), fields.name("service"));
        return await remove(context, { hosts: [host.name], service: service.name });
      },
    },
  };
}

/** Fields that, when they are given, leave fewer downtimes. */
function narrowed(fields: CommandFields): NamedDowntimes {
  const service = fields.text("service").trim();
  const startAtMs = fields.instantMs("start");
  const comment = fields.text("comment").trim();
  return {
    ...(service === "" ? {} : { service }),
    ...(startAtMs === null ? {} : { startAtMs }),
    ...(comment === "" ? {} : { comment }),
  };
}
