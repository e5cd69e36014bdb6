import type { AuditLog } from "../audit/index.ts";
import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import {
  overrideProgram,
  overrideSettings,
  type ProgramOverride,
  type RuntimeOverride,
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

/** Switches of checks, notifications and the like that hold over the definitions, and over restarts, until they are switched back. */
export interface Switches {
  set(operator: Operator, objects: readonly SwitchedObject[], change: RuntimeOverride): Promise<void>;
  /** For everything; the caller has made sure that the operator may. */
  setProgram(operator: Operator, change: ProgramOverride): Promise<void>;
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
