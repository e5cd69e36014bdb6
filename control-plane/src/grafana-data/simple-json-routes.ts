import {
  GrafanaAnnotation,
  GrafanaAnnotationsQuery,
  GrafanaAnswer,
  GrafanaChoice,
  GrafanaQuery,
  type GrafanaQueryTarget,
  GrafanaSearch,
  type GrafanaSeries,
  type GrafanaTable,
  GrafanaTarget,
  GrafanaVariable,
} from "@mycloud/protocol/grafana-data";
import { z } from "zod";
import { listHosts } from "../host/store.ts";
import { forViewers, type Route, route } from "../http/route.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import type { Scope } from "../scope/index.ts";
import { freshnessSeries } from "./backup-table.ts";
import type { Asker, GrafanaSource, GrafanaSourceDependencies } from "./grafana-source.ts";
import { histogramSeries } from "./log-table.ts";
import { parseAnnotationQuery, parseTarget } from "./parse-target.ts";
import { countSeries } from "./problem-table.ts";
import { readAnnotations } from "./read-annotations.ts";
import { formatTable } from "./table.ts";

export interface SimpleJsonDependencies extends Omit<GrafanaSourceDependencies, "store"> {
  readonly definitions: DefinitionCache;
  readonly source: GrafanaSource;
}

const rowLimit = 500;
const binLimit = 400;
const annotationLimit = 500;
const hostLimit = 1000;

const shared = { access: forViewers, isBasicTaken: true } as const;

type Range = z.output<typeof GrafanaQuery>["range"];

/** The protocol of "simple JSON" data sources and their successors: a test of the connection, names, queries, annotations, variables. */
export function createSimpleJsonRoutes(dependencies: SimpleJsonDependencies): Route[] {
  const { database, source, now } = dependencies;

  async function hostNames(scope: Scope): Promise<string[]> {
    const page = { page: 1, perPage: hostLimit, sort: "name", order: "ASC" as const };
    return (await listHosts(database.db, database.dialect, scope, page, now())).data.map(({ name }) => name);
  }

  const namesFor = async (scope: Scope, what: string): Promise<readonly string[]> =>
    what === "hosts" ? await hostNames(scope) : GrafanaTarget.options;

  async function answer(
    target: GrafanaQueryTarget,
    { range, maxDataPoints, asker }: { range: Range; maxDataPoints: number; asker: Asker },
  ): Promise<(GrafanaTable | GrafanaSeries)[]> {
    const { name, words } = parseTarget(target);
    const { scope } = asker;
    const { refId } = target;
    const host = words === "" ? undefined : words;
    const asked = { query: words, fromMs: range.from, untilMs: range.to };
    const named = (series: readonly GrafanaSeries[]) => series.map((one) => ({ ...one, refId }));
    switch (name) {
      case "problems":
        return [formatTable(await source.problems(scope, host, rowLimit), refId)];
      case "problem-counts":
        return named(countSeries(await source.countProblems(scope), now()));
      case "backup-objectives":
        return [formatTable(await source.objectives(scope, host, rowLimit), refId)];
      case "backup-freshness":
        return named(freshnessSeries(await source.repositories(scope, host, hostLimit), now()));
      case "logs":
        return [formatTable(await source.logs(asker, asked, rowLimit), refId)];
      case "log-histogram":
        return named(histogramSeries(await source.histogram(asker, asked, Math.min(binLimit, maxDataPoints))));
    }
  }

  return [
    route({
      ...shared,
      method: "get",
      path: "/api/v1/grafana",
      summary: "Grafana's simple JSON data source: test the connection",
      answer: z.object({ status: z.literal("ok") }),
      handle: async () => ({ status: "ok" }),
    }),
    route({
      ...shared,
      method: "post",
      path: "/api/v1/grafana/search",
      summary: "Grafana's simple JSON data source: what can be asked for, or the names of hosts",
      body: GrafanaSearch,
      answer: z.array(z.string()),
      handle: ({ scope, body }) => namesFor(scope, body.target),
    }),
    route({
      ...shared,
      method: "post",
      path: "/api/v1/grafana/metrics",
      summary: "Grafana's JSON data source: what can be asked for, for its query editor",
      body: z.looseObject({}),
      answer: z.array(GrafanaChoice),
      handle: async () => GrafanaTarget.options.map((value) => ({ label: value, value })),
    }),
    route({
      ...shared,
      method: "post",
      path: "/api/v1/grafana/variable",
      summary: "Grafana's JSON data source: the choices of a variable",
      body: GrafanaSearch,
      answer: z.array(GrafanaVariable),
      handle: async ({ scope, body }) =>
        (await namesFor(scope, body.payload?.target ?? body.target)).map((name) => ({ __text: name, __value: name })),
    }),
    route({
      ...shared,
      method: "post",
      path: "/api/v1/grafana/query",
      summary: "Grafana's simple JSON data source: tables and lines for the queries of a panel",
      body: GrafanaQuery,
      answer: GrafanaAnswer,
      async handle({ body: { range, targets, maxDataPoints }, ...asker }) {
        const answers: (GrafanaTable | GrafanaSeries)[] = [];
        const shown = targets.filter(({ hide, target }) => !hide && target !== "");
        for (const target of shown) answers.push(...(await answer(target, { range, maxDataPoints, asker })));
        return answers;
      },
    }),
    route({
      ...shared,
      method: "post",
      path: "/api/v1/grafana/annotations",
      summary:
        "Grafana's simple JSON data source: changes of state, backups, downtimes and more, to be drawn over panels",
      body: GrafanaAnnotationsQuery,
      answer: z.array(GrafanaAnnotation.extend({ annotation: z.unknown() })),
      async handle({ scope, body: { range, annotation } }) {
        const asked = parseAnnotationQuery(annotation.query ?? "");
        const bounds = { fromMs: range.from, untilMs: range.to, limit: annotationLimit };
        // Older plugins want to hear which annotation it was.
        return (await readAnnotations(dependencies, scope, { ...asked, ...bounds })).map((one) => ({
          annotation,
          ...one,
        }));
      },
    }),
  ];
}
