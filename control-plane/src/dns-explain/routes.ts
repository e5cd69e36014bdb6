import { NameServerState, QueryExplanation, QueryExplanationQuery, ZoneStatistics } from "@mycloud/protocol/dns-zone";
import { z } from "zod";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { loadDefinitions } from "../definition/store.ts";
import { existing } from "../dns-zone/change-zone.ts";
import { ZoneParams } from "../dns-zone/zone-routes.ts";
import { findZone, parseZoneReference } from "../dns-zone/zone-store.ts";
import { forStaffViewers, forViewers, type Route, route } from "../http/route.ts";
import { listNameServers } from "../name-server/status-store.ts";
import type { Sealer } from "../sealing/index.ts";
import { explainQuery } from "./explain-query.ts";
import type { QueryRates } from "./query-rates.ts";

export interface ExplainDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  readonly rates: QueryRates;
  readonly now: () => number;
}

const allServers = { page: 1, perPage: 1000, order: "ASC" } as const;

/** What questions are answered and why, and how much is asked. */
export function createExplainRoutes({ database, sealer, rates, now }: ExplainDependencies): Route[] {
  const { db } = database;
  const findViews = async () =>
    (await loadDefinitions(db, "DnsView", sealer)).toSorted((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
  return [
    route({
      method: "get",
      path: "/api/v1/dns/explain",
      summary: "What name servers answer to a question from an address, and why",
      access: forStaffViewers,
      query: QueryExplanationQuery,
      answer: QueryExplanation,
      handle: ({ scope, query }) => explainQuery({ executor: db, scope, findViews, nowMs: now() }, query),
    }),
    route({
      method: "get",
      path: "/api/v1/dns/servers",
      summary: "Name servers, and how much each was asked in the last hour",
      access: forStaffViewers,
      answer: z.object({ data: z.array(NameServerState) }),
      handle: async () => {
        const { data } = await listNameServers(db, allServers, now());
        return {
          data: data.map(({ id, name, seenAtMs, isSilent, status }) => ({
            ...{ ...status, id, name, seenAtMs, isConnected: !isSilent, rates: [...rates.ofServer(name)] },
          })),
        };
      },
    }),
    route({
      method: "get",
      path: "/api/v1/dns/zones/:zone/statistics",
      summary: "How a zone stands on each name server, and how much it was asked in the last hour",
      access: forViewers,
      params: ZoneParams,
      answer: ZoneStatistics,
      handle: async ({ scope, params }) => {
        const { name, view } = existing(await findZone(db, scope, parseZoneReference(params.zone)));
        const { data } = await listNameServers(db, allServers, now());
        return {
          servers: data.map((server) => ({
            ...{ name: server.name, seenAtMs: server.seenAtMs, isConnected: !server.isSilent },
            zone: server.status.zones.find((zone) => zone.view === view && isSameName(zone.name, name)) ?? null,
          })),
          rates: [...rates.ofZone(name, view)],
        };
      },
    }),
  ];
}

/** Name servers may leave the dot at the end out. */
function isSameName(a: string, b: string): boolean {
  const full = (name: string) => (name.endsWith(".") ? name : `${name}.`).toLowerCase();
  return full(a) === full(b);
}
