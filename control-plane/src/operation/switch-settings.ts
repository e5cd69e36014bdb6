import type { RuntimeOverride } from "@mycloud/protocol/monitored";
import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import {
  type ContactOverride,
  keepOverrides,
  overrideContacts,
  overrideKeyOf,
  overrideProgram,
  overrideSettings,
  type ProgramOverride,
} from "../monitored/runtime-override.ts";
import type { Operator } from "./operator.ts";

export interface SwitchDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** A host (`serviceId` null) or a service, with the name that the audit keeps. */
export interface SwitchedObject {
  readonly hostId: number;
  readonly serviceId: number | null;
  readonly name: string;
}

/** A contact, with the name that the audit keeps. */
export interface SwitchedContact {
  readonly id: number;
  readonly name: string;
}

/** Switches of checks, notifications and the like that hold over the definitions, and over restarts, until they are switched back. */
export interface Switches {
  set(operator: Operator, objects: readonly SwitchedObject[], change: RuntimeOverride): Promise<void>;
  /** For everything; the caller has made sure that the operator may. */
  setProgram(operator: Operator, change: ProgramOverride): Promise<void>;
  setContacts(operator: Operator, contacts: readonly SwitchedContact[], change: ContactOverride): Promise<void>;
  /** Back to what the definition says, but for the settings named. */
  keepOnly(operator: Operator, object: SwitchedObject, kept: ReadonlySet<keyof RuntimeOverride>): Promise<void>;
  /** As `keepOnly`. */
  keepOnlyOfContact(
    operator: Operator,
    contact: SwitchedContact,
    kept: ReadonlySet<keyof ContactOverride>,
  ): Promise<void>;
}

export function createSwitches({ database, audit, changes, now }: SwitchDependencies): Switches {
  const { dialect } = database;
  return {
    async set({ actor }, objects, change) {
      const sorted = objects.toSorted((a, b) => a.hostId - b.hostId || (a.serviceId ?? 0) - (b.serviceId ?? 0));
      await database.transaction(async (tx) => {
        await overrideSettings(tx, dialect, sorted, change, now());
        for (const { hostId, serviceId, name } of sorted) {
          await audit.record(tx, {
            actor,
            action: serviceId === null ? "host.switch" : "service.switch",
            resourceKind: serviceId === null ? "host" : "service",
            resourceId: serviceId ?? hostId,
            resourceName: name,
            after: change,
          });
        }
      });
      changes.publish("definitions", null);
    },

    async setContacts({ actor }, contacts, change) {
      await database.transaction(async (tx) => {
        const ids = contacts.map(({ id }) => id).sort((a, b) => a - b);
        await overrideContacts(tx, dialect, ids, change, now());
        for (const { id, name } of contacts) {
          const resource = { resourceKind: "contact", resourceId: id, resourceName: name };
          await audit.record(tx, { actor, action: "contact.switch", ...resource, after: change });
        }
      });
      changes.publish("definitions", null);
    },

    async keepOnly({ actor }, { hostId, serviceId, name }, kept) {
      await database.transaction(async (tx) => {
        await keepOverrides(tx, dialect, overrideKeyOf(hostId, serviceId), kept, now());
        const resourceKind = serviceId === null ? "host" : "service";
        const resource = { resourceKind, resourceId: serviceId ?? hostId, resourceName: name };
        await audit.record(tx, { actor, action: `${resourceKind}.switch`, ...resource, after: { kept: [...kept] } });
      });
      changes.publish("definitions", null);
    },

    async keepOnlyOfContact({ actor }, { id, name }, kept) {
      await database.transaction(async (tx) => {
        await keepOverrides(tx, dialect, `c${id}`, kept, now());
        const resource = { resourceKind: "contact", resourceId: id, resourceName: name };
        await audit.record(tx, { actor, action: "contact.switch", ...resource, after: { kept: [...kept] } });
      });
      changes.publish("definitions", null);
    },

    async setProgram({ actor }, change) {
      await database.transaction(async (tx) => {
        await overrideProgram(tx, dialect, change, now());
        await audit.record(tx, {
          actor,
          action: "program.switch",
          resourceKind: "program",
          resourceId: null,
          resourceName: null,
          after: change,
        });
      });
      changes.publish("definitions", null);
    },
  };
}
