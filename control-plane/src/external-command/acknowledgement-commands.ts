import type { BulkAnswer } from "@mycloud/protocol/acknowledgement";
import type { Acknowledgements } from "../acknowledgement/index.ts";
import { ConflictError } from "../error/index.ts";
import type { ActionCommand, CommandContext, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import type { ObjectFinder } from "./find-objects.ts";

interface AcknowledgementCommandsDependencies {
  readonly acknowledgements: Acknowledgements;
  readonly find: ObjectFinder;
}

const acknowledgeFields = ["sticky", "notify", "persistent", "author", "comment?"];
/** Icinga's form has an end. */
const expiringFields = ["sticky", "notify", "persistent", "end", "author", "comment?"];

/** ACKNOWLEDGE_* and REMOVE_*_ACKNOWLEDGEMENT. `sticky` is 2 for sticky; everything else ends with the next change of state. */
export function createAcknowledgementCommands({
  acknowledgements,
  find,
}: AcknowledgementCommandsDependencies): CommandTable {
  async function acknowledge(
    fields: CommandFields,
    { operator }: CommandContext,
    what: string,
    objects: { readonly hostIds: number[]; readonly serviceIds: number[] },
  ): Promise<string> {
    const input = {
      ...objects,
      comment: fields.comment("comment", "acknowledged"),
      isSticky: fields.integer("sticky") === 2,
      isUntilWorse: false,
      expiresAtMs: fields.instantMs("end"),
      isNotified: fields.flag("notify"),
      isPersistent: fields.flag("persistent"),
    };
    refusalOf(await acknowledgements.acknowledge(operator, input, fields.text("author")));
    return `acknowledged ${what}`;
  }

  const ofHost = (fields: readonly string[]): ActionCommand => ({
    fields: ["host", ...fields],
    async run(values, context) {
      const host = await find.host(context.operator.scope, values.name("host"));
      return await acknowledge(values, context, host.name, { hostIds: [host.id], serviceIds: [] });
    },
  });
  const ofService = (fields: readonly string[]): ActionCommand => ({
    fields: ["host", "service", ...fields],
    async run(values, context) {
      const { scope } = context.operator;
      const { host, service } = await find.service(scope, values.name("host"), values.name("service"));
      const objects = { hostIds: [], serviceIds: [service.id] };
      return await acknowledge(values, context, `${host.name}/${service.name}`, objects);
    },
  });

  return {
    ACKNOWLEDGE_HOST_PROBLEM: ofHost(acknowledgeFields),
    ACKNOWLEDGE_SVC_PROBLEM: ofService(acknowledgeFields),
    ACKNOWLEDGE_HOST_PROBLEM_EXPIRE: ofHost(expiringFields),
    ACKNOWLEDGE_SVC_PROBLEM_EXPIRE: ofService(expiringFields),
    REMOVE_HOST_ACKNOWLEDGEMENT: {
      fields: ["host"],
      async run(fields, { operator }) {
        const host = await find.host(operator.scope, fields.name("host"));
        refusalOf(await acknowledgements.remove(operator, { hostIds: [host.id], serviceIds: [] }));
        return `removed the acknowledgement of ${host.name}`;
      },
    },
    REMOVE_SVC_ACKNOWLEDGEMENT: {
      fields: ["host", "service"],
      async run(fields, { operator }) {
        const { host, service } = await find.service(operator.scope, fields.name("host"), fields.name("service"));
        refusalOf(await acknowledgements.remove(operator, { hostIds: [], serviceIds: [service.id] }));
        return `removed the acknowledgement of ${host.name}/${service.name}`;
      },
    },
  };
}

/** Throws ConflictError with the reason when the one object asked for was refused. */
function refusalOf({ refused }: BulkAnswer): void {
  const [first] = refused;
  if (first !== undefined) throw new ConflictError(first.message);
}
