import {
  Rrset,
  RrsetFilter,
  RrsetInput,
  ZoneChangeAnswer,
  ZoneChangeRequest,
  ZoneHistoryEntry,
  ZoneHistoryFilter,
  ZoneUndoRequest,
} from "@mycloud/protocol/dns-zone";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { z } from "zod";
import { NotFoundError } from "../error/index.ts";
import { forOperators, forViewers, Reply, type Route, type RouteInput, route } from "../http/route.ts";
import { changeZone, existing, refuseSecondary, type ZoneDependencies } from "./change-zone.ts";
import { findHistoryEntry, listHistory } from "./history-store.ts";
import { normalisePlace } from "./normalise-rrset.ts";
import { planChange } from "./plan-change.ts";
import { planUndo } from "./plan-undo.ts";
import { readWishes } from "./plan-wishes.ts";
import { findRrset, listRrsets, shownRrset } from "./rrset-store.ts";
import { zoneNameOf } from "./zone-name.ts";
import { readIfMatch, ZoneParams } from "./zone-routes.ts";
import { findZone, parseZoneReference } from "./zone-store.ts";

const RrsetParams = ZoneParams.extend({ name: RrsetInput.shape.name, type: RrsetInput.shape.type });
const RevisionParams = ZoneParams.extend({ revision: z.coerce.number().int().min(1) });
/** 10,000 RRsets of some records each. */
const maximumChangeBytes = 32 * 1024 * 1024;

type Asked = Pick<RouteInput<{ readonly zone: string }, unknown, unknown>, "actor" | "scope" | "params" | "request">;

/** RRsets, changes of many in one go, and the history of them. */
export function createRrsetRoutes(dependencies: ZoneDependencies): Route[] {
  const { db } = dependencies.database;

  const zoneOf = async ({ scope, params }: Pick<Asked, "scope" | "params">) => {
    const zone = existing(await findZone(db, scope, parseZoneReference(params.zone)));
    return { ...zoneNameOf(zone.name), ...zone };
  };

  const change = async (
    { actor, scope, params, request }: Asked,
    { changes: wishes, comment, preview }: ZoneChangeRequest,
    field?: string,
  ) => {
    const order = { scope, reference: parseZoneReference(params.zone), author: { actor, comment }, isPreview: preview };
    const expectedRevision = readIfMatch(request);
    const answer = await changeZone(dependencies, { ...order, expectedRevision }, async (executor, zone, present) => {
      refuseSecondary(zone);
      const wanted = readWishes(wishes, zoneNameOf(zone.name), field);
      return await planChange(executor, { zone, wanted, source: "people", ...present });
    });
    return new Reply(200, answer, preview ? {} : { etag: `"${answer.revision}"` });
  };

  return [
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/rrsets",
      summary: "List the RRsets of a zone",
      access: forViewers,
      params: ZoneParams,
      query: ListQuery,
      filter: RrsetFilter,
      answer: listAnswer(Rrset),
      handle: async ({ scope, params, query }) => await listRrsets(db, await zoneOf({ scope, params }), query),
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/rrsets/:name/:type",
      summary: "Show an RRset",
      access: forViewers,
      params: RrsetParams,
      answer: Rrset,
      handle: async ({ scope, params }) => {
        const zone = await zoneOf({ scope, params });
        const { place } = normalisePlace(params, zone);
        const rrset = await findRrset(db, zone.id, place);
        if (rrset === null) throw new NotFoundError(`${zone.name} has no ${place.name} ${place.type}`);
        return shownRrset(rrset);
      },
    }),
    route({
      method: "put",
      path: "/api/v1/dns/zones/:zone/rrsets/:name/:type",
      summary: "Make an RRset what the body says",
      access: forOperators,
      params: RrsetParams,
      body: RrsetInput.omit({ name: true, type: true }),
      maximumBodyBytes: maximumChangeBytes,
      answer: ZoneChangeAnswer,
      handle: async ({ body, ...asked }) => {
        const { name, type } = asked.params;
        const wish = { action: "set" as const, rrset: { ...body, name, type } };
        return await change(asked, { changes: [wish], comment: "", preview: false });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/dns/zones/:zone/rrsets/:name/:type",
      summary: "Delete an RRset",
      access: forOperators,
      params: RrsetParams,
      answer: ZoneChangeAnswer,
      handle: async (asked) => {
        const zone = await zoneOf(asked);
        const { name, type } = asked.params;
        const { place } = normalisePlace(asked.params, zone);
        if ((await findRrset(db, zone.id, place)) === null) {
          throw new NotFoundError(`${zone.name} has no ${place.name} ${place.type}`);
        }
        return await change(asked, { changes: [{ action: "delete", name, type }], comment: "", preview: false });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/dns/zones/:zone/changes",
      summary: "Change many RRsets in one go, or see what that would be (preview)",
      access: forOperators,
      params: ZoneParams,
      body: ZoneChangeRequest,
      maximumBodyBytes: maximumChangeBytes,
      answer: ZoneChangeAnswer,
      handle: async ({ body, ...asked }) => await change(asked, body),
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/changes",
      summary: "List what was changed in a zone, by whom and why; newest first",
      access: forViewers,
      params: ZoneParams,
      query: ListQuery,
      filter: ZoneHistoryFilter,
      answer: listAnswer(ZoneHistoryEntry),
      handle: async ({ scope, params, query }) => await listHistory(db, await zoneOf({ scope, params }), query),
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/changes/:revision",
      summary: "Show one change of a zone",
      access: forViewers,
      params: RevisionParams,
      answer: ZoneHistoryEntry,
      handle: async ({ scope, params }) => {
        const zone = await zoneOf({ scope, params });
        const entry = await findHistoryEntry(db, zone.id, params.revision);
        if (entry === null) throw new NotFoundError(`${zone.name} remembers no change ${params.revision}`);
        return entry;
      },
    }),
    route({
      method: "post",
      path: "/api/v1/dns/zones/:zone/changes/:revision/undo",
      summary: "Undo a change, unless what it changed was changed since; or see what that would be (preview)",
      access: forOperators,
      params: RevisionParams,
      body: ZoneUndoRequest,
      answer: ZoneChangeAnswer,
      handle: async ({ actor, scope, params: { zone, revision }, body }) => {
        const comment = body.comment === "" ? `undoes change ${revision}` : body.comment;
        const author = { actor, comment, undoes: revision };
        const order = { scope, reference: parseZoneReference(zone), author, isPreview: body.preview };
        return await changeZone(dependencies, order, (executor, found, present) =>
          planUndo(executor, found, revision, present),
        );
      },
    }),
  ];
}
