import {
  GrafanaAnnotation,
  GrafanaAnnotationListQuery,
  GrafanaHistogramQuery,
  GrafanaListQuery,
  GrafanaLogsQuery,
  GrafanaRow,
} from "@mycloud/protocol/grafana-data";
import { z } from "zod";
import { forViewers, type Route, route } from "../http/route.ts";
import { tabulateHistogram } from "./log-table.ts";
import { readAnnotations } from "./read-annotations.ts";
import type { SimpleJsonDependencies } from "./simple-json-routes.ts";

const rows = z.array(GrafanaRow);
const shared = { method: "get", access: forViewers, isBasicTaken: true } as const;
const usualMs = 6 * 3_600_000;

/** Plain lists of flat objects: what the Infinity data source, a spreadsheet or jq takes as it is. */
export function createPlainRoutes(dependencies: SimpleJsonDependencies): Route[] {
  const { source, now } = dependencies;
  return [
    route({
      ...shared,
      path: "/api/v1/grafana/problems",
      summary: "Open problems as flat rows, for Grafana's Infinity data source",
      query: GrafanaListQuery,
      answer: rows,
      handle: async ({ scope, query: { host, limit } }) => (await source.problems(scope, host, limit)).rows,
    }),
    route({
      ...shared,
      path: "/api/v1/grafana/backup-objectives",
      summary: "Backup repositories against their objectives as flat rows, for Grafana's Infinity data source",
      query: GrafanaListQuery,
      answer: rows,
      handle: async ({ scope, query: { host, limit } }) => (await source.objectives(scope, host, limit)).rows,
    }),
    route({
      ...shared,
      path: "/api/v1/grafana/logs",
      summary: "Log records as flat rows, newest first, for Grafana's Infinity data source",
      query: GrafanaLogsQuery,
      answer: rows,
      async handle({ query: { query, from, to, limit }, ...asker }) {
        return (await source.logs(asker, { query, fromMs: from, untilMs: to }, limit)).rows;
      },
    }),
    route({
      ...shared,
      path: "/api/v1/grafana/log-histogram",
      summary: "Counts of log records over time by severity as flat rows, for Grafana's Infinity data source",
      query: GrafanaHistogramQuery,
      answer: rows,
      async handle({ query: { query, from, to, bins }, ...asker }) {
        return tabulateHistogram(await source.histogram(asker, { query, fromMs: from, untilMs: to }, bins)).rows;
      },
    }),
    route({
      ...shared,
      path: "/api/v1/grafana/annotations",
      summary: "What happened, oldest first, for annotations of Grafana's Infinity data source",
      query: GrafanaAnnotationListQuery,
      answer: z.array(GrafanaAnnotation),
      handle: ({ scope, query: { from, to, kinds, host, limit } }) => {
        const untilMs = to ?? now();
        const fromMs = from ?? Math.max(0, untilMs - usualMs);
        return readAnnotations(dependencies, scope, { kinds, host, fromMs, untilMs, limit });
      },
    }),
  ];
}
