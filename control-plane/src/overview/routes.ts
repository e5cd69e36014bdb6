import { Overview } from "@mycloud/protocol/overview";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import { type OverviewDependencies, readOverview } from "./read-overview.ts";

export interface OverviewRoutesDependencies extends Omit<OverviewDependencies, "dialect"> {
  readonly database: ConnectedDatabase;
  readonly now: () => number;
}

/** The console's first page in one answer. */
export function createOverviewRoutes({ database, now, ...shown }: OverviewRoutesDependencies): Route[] {
  const { db, dialect } = database;
  return [
    route({
      method: "get",
      path: "/api/v1/overview",
      summary: "Counts by state, the worst problems, the newest changes, and how the control plane itself does",
      access: forViewers,
      answer: Overview,
      handle: ({ scope }) => readOverview(db, { dialect, ...shown }, scope, now()),
    }),
  ];
}
