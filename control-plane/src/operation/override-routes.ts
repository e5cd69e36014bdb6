import { OverridableSetting, OverrideAnswer, OverrideRemoval } from "@mycloud/protocol/monitored";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { findHost } from "../host/store.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { findOverride } from "../monitored/runtime-override.ts";
import type { Scope } from "../scope/index.ts";
import { findService } from "../service/store.ts";
import { findDefinedSettings } from "./defined-settings.ts";
import type { SwitchedObject, Switches } from "./switch-settings.ts";

export interface OverrideRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly switches: Pick<Switches, "keepOnly">;
  readonly now: () => number;
}

/** What of a host or service was changed at run time, by external commands and the like, and the way back to its definition. */
export function createOverrideRoutes({ database, switches, now }: OverrideRoutesDependencies): Route[] {
  const { db, dialect } = database;
  const kinds = {
    hosts: {
      what: "host",
      async find(scope: Scope, id: number): Promise<SwitchedObject> {
        const { name } = await findHost(db, dialect, scope, id, now());
        return { hostId: id, serviceId: null, name };
      },
    },
    services: {
      what: "service",
      async find(scope: Scope, id: number): Promise<SwitchedObject> {
        const { hostId, hostName, name } = await findService(db, dialect, scope, id, now());
        return { hostId, serviceId: id, name: `${hostName}/${name}` };
      },
    },
  } as const;

  async function read({ hostId, serviceId }: SwitchedObject): Promise<OverrideAnswer> {
    const override = await findOverride(db, hostId, serviceId);
    if (override === null) return { data: [], changedAtMs: null };
    const defined = await findDefinedSettings(db, hostId, serviceId);
    const data = OverridableSetting.options.flatMap((setting) => {
      const value = override.settings[setting];
      return value === undefined ? [] : [{ setting, value, defined: defined[setting] }];
    });
    return { data, changedAtMs: override.changedAtMs };
  }

  return (["hosts", "services"] as const).flatMap((resource) => {
    const { what, find } = kinds[resource];
    return [
      route({
        method: "get",
        path: `/api/v1/${resource}/:id/override`,
        summary: `What of a ${what} was changed at run time, and what its definition says`,
        access: forViewers,
        params: IdParams,
        answer: OverrideAnswer,
        handle: async ({ scope, params }) => await read(await find(scope, params.id)),
      }),
      route({
        method: "delete",
        path: `/api/v1/${resource}/:id/override`,
        summary: `Have a ${what} as it is defined again: in one setting, or in all`,
        access: forOperators,
        params: IdParams,
        query: OverrideRemoval,
        answer: OverrideAnswer,
        async handle({ actor, scope, params, query: { setting } }) {
          const object = await find(scope, params.id);
          const kept = setting === undefined ? [] : OverridableSetting.options.filter((name) => name !== setting);
          await switches.keepOnly({ actor, scope }, object, new Set(kept));
          return await read(object);
        },
      }),
    ];
  });
}
