import { DowntimeInput } from "@mycloud/protocol/downtime";
import type { ServiceSelector } from "@mycloud/protocol/selector";
import type { Downtimes } from "../downtime/index.ts";
import { InputError } from "../error/index.ts";
import type { CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

interface DowntimeCommandsDependencies {
  readonly downtimes: Downtimes;
  readonly find: ObjectFinder;
}

const windowFields = ["start", "end", "fixed", "trigger id", "duration", "author", "comment?"];

/**
 * SCHEDULE_*_DOWNTIME and DEL_*_DOWNTIME. What Nagios would turn into a downtime for each member now is one downtime with a selector here: it
 * covers members that are added later as well, and is deleted as one.
 */
export function createDowntimeCommands({ downtimes, find }: DowntimeCommandsDependencies): CommandTable {
  async function schedule(
    fields: CommandFields,
    { operator, nowMs }: CommandContext,
    selector: ServiceSelector,
  ): Promise<string> {
    const startAtMs = fields.instantMs("start") ?? nowMs;
    const endAtMs = fields.instantMs("end");
    if (endAtMs === null) throw new InputError("end is missing");
    const isFixed = fields.flag("fixed");
    const input = DowntimeInput.safeParse({
      selector,
      startAtMs,
      endAtMs,
      isFixed,
      durationSeconds: isFixed ? null : fields.integer("duration"),
      triggeredById: fields.integer("trigger id", 0) || null,
      comment: fields.comment("comment", "scheduled by command"),
    });
    if (!input.success) throw new InputError(input.error.issues[0]?.message ?? "no downtime");
    const { id } = await downtimes.plan(operator, input.data, fields.text("author"));
    return `scheduled downtime ${id}`;
  }

  const removeOne = {
    fields: ["downtime id"],
    async run(fields: CommandFields, { operator }: CommandContext) {
      const id = fields.integer("downtime id");
      await downtimes.cancel(operator, id);
      return `cancelled downtime ${id}`;
    },
  };

  return {
    SCHEDULE_HOST_DOWNTIME: {
      fields: ["host", ...windowFields],
      async run(fields, context) {
        const host = await find.host(context.operator.scope, fields.name("host"));
        return await schedule(fields, context, { hosts: [host.name], services: [] });
      },
    },
    SCHEDULE_HOST_SVC_DOWNTIME: {
      fields: ["host", ...windowFields],
      async run(fields, context) {
        const host = await find.host(context.operator.scope, fields.name("host"));
        return await schedule(fields, context, { hosts: [host.name], services: ["*"] });
      },
    },
    SCHEDULE_SVC_DOWNTIME: {
      fields: ["host", "service", ...windowFields],
      async run(fields, context) {
        const { scope } = context.operator;
        const { host, service } = await find.service(scope, fields.name("host"), fields.name("service"));
        return await schedule(fields, context, { hosts: [host.name], services: [service.name] });
      },
    },
    DEL_HOST_DOWNTIME: removeOne,
    DEL_SVC_DOWNTIME: removeOne,
  };
}
