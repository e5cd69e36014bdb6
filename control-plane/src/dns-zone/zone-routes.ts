import { Zone, ZoneFilter, ZoneFinding, ZoneInput, ZoneSettings } from "@mycloud/protocol/dns-zone";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import type { Request } from "express";
import { z } from "zod";
import { ensureCustomer } from "../customer/ensure-customer.ts";
import { InputError, PreconditionError } from "../error/index.ts";
import { forStaffOperators, forViewers, Reply, type Route, route } from "../http/route.ts";
import { changeZone, existing, type ZoneDependencies } from "./change-zone.ts";
import { checkWholeZone } from "./check-whole-zone.ts";
import { createZone } from "./create-zone.ts";
import { loadZone } from "./neighbourhood.ts";
import { normaliseSettings } from "./normalise-settings.ts";
import { planChange } from "./plan-change.ts";
import { refuseMissingNames } from "./refuse-missing-names.ts";
import { zoneNameOf } from "./zone-name.ts";
import {
  deleteZone,
  findZone,
  listZones,
  lockZone,
  parseZoneReference,
  type StoredZone,
  shownZone,
} from "./zone-store.ts";

/** `:zone` of a path: id, name, or NAME@VIEW. */
export const ZoneParams = z.object({ zone: z.string().min(1).max(1200) });

/** The revision that a change was made of (`If-Match: "12"`); undefined: it does not matter. Throws InputError. */
export function readIfMatch({ headers }: Pick<Request, "headers">): number | undefined {
  const text = headers["if-match"];
  if (text === undefined || text === "*") return undefined;
  const revision = /^"(\d{1,15})"$/.exec(text)?.[1];
  if (revision === undefined) throw new InputError(`If-Match is ${text}; expected the ETag of the zone, such as "12"`);
  return Number(revision);
}

const answerZone = (zone: StoredZone) => new Reply(200, shownZone(zone), { etag: `"${zone.revision}"` });
/** A zone of more RRsets is not looked through while somebody waits. */
const mostChecked = 200_000;

/** Zones: staff make, set up and delete them; whoever is bound to a customer sees theirs. */
export function createZoneRoutes(dependencies: ZoneDependencies): Route[] {
  const { database, audit, changes, now } = dependencies;
  const { db, dialect } = database;
  return [
    route({
      method: "get",
      path: "/api/v1/dns/zones",
      summary: "List zones",
      access: forViewers,
      query: ListQuery,
      filter: ZoneFilter,
      answer: listAnswer(Zone),
      handle: ({ scope, query }) => listZones(db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/dns/zones",
      summary: "Create a zone with its NS records",
      access: forStaffOperators,
      body: ZoneInput,
      answer: Zone,
      handle: async ({ actor, body }) => {
        const author = { actor, comment: "created" };
        const zone = await database.transaction((tx) => createZone(tx, dependencies, body, author));
        changes.publish("dns-zones", null);
        return answerZone(zone);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone",
      summary: "Show a zone by its id, name, or NAME@VIEW; its ETag is the revision",
      access: forViewers,
      params: ZoneParams,
      answer: Zone,
      handle: async ({ scope, params }) =>
        answerZone(existing(await findZone(db, scope, parseZoneReference(params.zone)))),
    }),
    route({
      method: "put",
      path: "/api/v1/dns/zones/:zone",
      summary: "Change a zone's settings",
      access: forStaffOperators,
      params: ZoneParams,
      body: ZoneSettings,
      answer: Zone,
      handle: async ({ actor, scope, params, body, request }) => {
        const reference = parseZoneReference(params.zone);
        const order = { scope, reference, author: { actor, comment: "" }, isPreview: false };
        const expectedRevision = readIfMatch(request);
        await changeZone(dependencies, { ...order, expectedRevision }, async (tx, zone, { isIn, nowMs }) => {
          const kept = zone.settings.authority.primaryNameServer;
          const settings = normaliseSettings(body, zoneNameOf(zone.name), zone.kind, kept === null ? [] : [kept]);
          await refuseMissingNames(tx, settings, null);
          await ensureCustomer(tx, dialect, settings.customer, nowMs);
          return await planChange(tx, { zone, settings, wanted: [], source: "people", isIn, nowMs });
        });
        // Who is told of what, and who sees it, is everybody's matter.
        changes.publish("dns-zones", null);
        return answerZone(existing(await findZone(db, scope, reference)));
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/dns/zones/:zone",
      summary: "Delete a zone with its records and history",
      access: forStaffOperators,
      params: ZoneParams,
      answer: Zone,
      handle: async ({ actor, scope, params, request }) => {
        const expectedRevision = readIfMatch(request);
        const before = await database.transaction(async (tx) => {
          const zone = existing(await lockZone(tx, dialect, scope, parseZoneReference(params.zone)));
          if (expectedRevision !== undefined && expectedRevision !== zone.revision) {
            throw new PreconditionError(`${zone.name} is at revision ${zone.revision} by now: look at it again`);
          }
          await deleteZone(tx, zone.id);
          await audit.record(tx, {
            ...{ actor, action: "dns-zone.delete", resourceKind: "dns-zone", resourceId: zone.id },
            ...{ resourceName: zone.name, before: shownZone(zone) },
          });
          return zone;
        });
        changes.publish("dns-zones", null);
        return shownZone(before);
      },
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/findings",
      summary: "What is wrong with a zone, or odd, as far as it alone can tell",
      access: forViewers,
      params: ZoneParams,
      answer: z.object({ data: z.array(ZoneFinding), total: z.number().int(), checkedAtMs: z.number() }),
      handle: async ({ scope, params }) => {
        const zone = existing(await findZone(db, scope, parseZoneReference(params.zone)));
        if (zone.kind === "secondary") return { data: [], total: 0, checkedAtMs: now() };
        if (zone.rrsetCount > mostChecked) {
          throw new InputError(`${zone.name} has ${zone.rrsetCount} RRsets; export it and use a checker of zone files`);
        }
        const findings = await checkWholeZone(await loadZone(db, { ...zoneNameOf(zone.name), ...zone }, []));
        return { data: findings.slice(0, 1_000), total: findings.length, checkedAtMs: now() };
      },
    }),
  ];
}
