import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import type { Operator } from "../operation/operator.ts";
import type { SwitchedObject } from "../operation/switch-settings.ts";
import type { CommandTable } from "./command-definition.ts";
import { type ObjectFinder, switchedHost, switchedService } from "./find-objects.ts";

interface FlappingCommandsDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly find: ObjectFinder;
}

/** As many states as the state machine looks back on. */
const rememberedStates = 21;

/** CLEAR_*_FLAPPING_STATE: the states so far are forgotten; what is flapping ends with the next result, and is told of then. */
export function createFlappingCommands({ database, audit, changes, find }: FlappingCommandsDependencies): CommandTable {
  async function clear({ actor }: Operator, { hostId, serviceId, name }: SwitchedObject): Promise<string> {
    await database.transaction(async (tx) => {
      const calm = (state: number) => ({
        flap_history: String(state).repeat(rememberedStates),
        percent_state_change: 0,
      });
      if (serviceId === null) {
        const row = tx.selectFrom("host_state").select(["state", "version"]).where("host_id", "=", hostId);
        const { state, version } = await row.modifyEnd(database.dialect.forUpdate).executeTakeFirstOrThrow();
        const values = { ...calm(state), version: version + 1 };
        await tx.updateTable("host_state").set(values).where("host_id", "=", hostId).execute();
      } else {
        const row = tx.selectFrom("service_state").select(["state", "version"]).where("service_id", "=", serviceId);
        const { state, version } = await row.modifyEnd(database.dialect.forUpdate).executeTakeFirstOrThrow();
        const values = { ...calm(state), version: version + 1 };
        await tx.updateTable("service_state").set(values).where("service_id", "=", serviceId).execute();
      }
      const kind = serviceId === null ? "host" : "service";
      const resource = { resourceKind: kind, resourceId: serviceId ?? hostId, resourceName: name };
      await audit.record(tx, { actor, action: `${kind}.clear-flapping`, ...resource });
    });
    if (serviceId === null) changes.publish("hosts", [hostId]);
    else changes.publish("services", [serviceId]);
    return `forgot how often ${name} changed`;
  }

  return {
    CLEAR_HOST_FLAPPING_STATE: {
      fields: ["host"],
      async run(fields, { operator }) {
        return await clear(operator, switchedHost(await find.host(operator.scope, fields.name("host"))));
      },
    },
    CLEAR_SVC_FLAPPING_STATE: {
      fields: ["host", "service"],
      async run(fields, { operator }) {
        const found = await find.service(operator.scope, fields.name("host"), fields.name("service"));
        return await clear(operator, switchedService(found));
      },
    },
  };
}
