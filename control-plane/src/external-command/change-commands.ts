import { CheckInput } from "@mycloud/protocol/check";
import type { RuntimeOverride } from "@mycloud/protocol/monitored";
import { InputError } from "../error/index.ts";
import { modifiedAttributes } from "../monitored/modified-attributes.ts";
import type { SwitchedObject, Switches } from "../operation/switch-settings.ts";
import type { Scope } from "../scope/index.ts";
import type { ActionCommand, CommandTable } from "./command-definition.ts";
import type { CommandFields } from "./command-fields.ts";
import { type ObjectFinder, switchedHost, switchedService } from "./find-objects.ts";

interface ChangeCommandsDependencies {
  readonly switches: Switches;
  readonly find: ObjectFinder;
}

/** Nagios' interval_length: what intervals are multiples of. */
const intervalSeconds = 60;

type Schedule = Pick<RuntimeOverride, "checkIntervalSeconds" | "retryIntervalSeconds" | "maxCheckAttempts">;
const Schedule = CheckInput.pick({ checkIntervalSeconds: true, retryIntervalSeconds: true, maxCheckAttempts: true });

/**
 * CHANGE_* of how one host or service is checked. As what ENABLE_* and DISABLE_* do, it is kept over the definition until CHANGE_*_MODATTR takes it
 * back.
 */
export function createChangeCommands({ switches, find }: ChangeCommandsDependencies): CommandTable {
  const kinds = {
    HOST: {
      fields: ["host"],
      find: async (fields: CommandFields, scope: Scope) => switchedHost(await find.host(scope, fields.name("host"))),
    },
    SVC: {
      fields: ["host", "service"],
      find: async (fields: CommandFields, scope: Scope) =>
        switchedService(await find.service(scope, fields.name("host"), fields.name("service"))),
    },
  } as const;

  function changing(
    { fields: names, find: findOne }: (typeof kinds)[keyof typeof kinds],
    more: readonly string[],
    changeOf: (fields: CommandFields) => RuntimeOverride | Promise<RuntimeOverride>,
  ): ActionCommand {
    return {
      fields: [...names, ...more],
      async run(fields, { operator }) {
        const object: SwitchedObject = await findOne(fields, operator.scope);
        await switches.set(operator, [object], await changeOf(fields));
        return `changed for ${object.name}`;
      },
    };
  }

  function commandsOf(word: keyof typeof kinds): CommandTable {
    const kind = kinds[word];
    return {
      [`CHANGE_NORMAL_${word}_CHECK_INTERVAL`]: changing(kind, ["interval"], (fields) =>
        checked({ checkIntervalSeconds: fields.decimal("interval") * intervalSeconds }),
      ),
      [`CHANGE_RETRY_${word}_CHECK_INTERVAL`]: changing(kind, ["interval"], (fields) =>
        checked({ retryIntervalSeconds: fields.decimal("interval") * intervalSeconds }),
      ),
      [`CHANGE_MAX_${word}_CHECK_ATTEMPTS`]: changing(kind, ["attempts"], (fields) =>
        checked({ maxCheckAttempts: fields.integer("attempts") }),
      ),
      [`CHANGE_${word}_CHECK_TIMEPERIOD`]: changing(kind, ["time period"], async (fields) => ({
        checkPeriod: await find.timePeriod(fields.name("time period")),
      })),
      [`CHANGE_CUSTOM_${word}_VAR`]: changing(kind, ["variable", "value?"], (fields) => ({
        variables: fields.variable("variable", "value"),
      })),
      [`CHANGE_${word}_MODATTR`]: {
        fields: [...kind.fields, "attributes"],
        async run(fields, { operator }) {
          const object = await kind.find(fields, operator.scope);
          const attributes = fields.integer("attributes");
          const kept = modifiedAttributes.filter(({ bit }) => (attributes & bit) !== 0).map(({ setting }) => setting);
          await switches.keepOnly(operator, object, new Set(kept));
          return `${object.name} is as defined but for ${kept.length} settings`;
        },
      },
    };
  }

  return { ...commandsOf("HOST"), ...commandsOf("SVC") };
}

function checked(change: Schedule): Schedule {
  const read = Schedule.partial().safeParse(change);
  if (read.success) return change;
  const [issue] = read.error.issues;
  throw new InputError(`${issue?.path.join(".")}: ${issue?.message}`);
}
