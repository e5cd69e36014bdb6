import { z } from "zod";
import { TimelineKind } from "../timeline/index.ts";

/** What can be asked for: tables of what is now, lines over time, and rows of logs. */
export const GrafanaTarget = z.enum([
  "problems",
  "problem-counts",
  "backup-objectives",
  "backup-freshness",
  "logs",
  "log-histogram",
]);
export type GrafanaTarget = z.infer<typeof GrafanaTarget>;

/** What an annotation can be about: the kinds of the timeline, and runs of backups. */
export const GrafanaAnnotationKind = z.enum([...TimelineKind.options, "backup"]);
export type GrafanaAnnotationKind = z.infer<typeof GrafanaAnnotationKind>;

/** Grafana sends RFC 3339; in addresses, as `${__from}`, milliseconds. */
const instant = z
  .union([z.number(), z.string().max(64)])
  .transform((said) => (typeof said === "string" && /^\d+$/.test(said) ? Number(said) : said))
  .transform((said) => (typeof said === "number" ? said : Date.parse(said)))
  .pipe(z.number().int().min(0).max(8_000_000_000_000));

const Range = z.object({ from: instant, to: instant });

/** One query of a panel. `target`: a GrafanaTarget, `logs: severity>=warning` with words behind a colon, or the words in `payload.query`. */
export const GrafanaQueryTarget = z.object({
  target: z.string().max(4200).default(""),
  refId: z.string().max(64).default("A"),
  hide: z.boolean().default(false),
  payload: z
    .union([z.object({ query: z.string().max(4096).default("") }), z.string().max(4096)])
    .nullish()
    .transform((payload) => (typeof payload === "string" ? payload : (payload?.query ?? ""))),
});
export type GrafanaQueryTarget = z.infer<typeof GrafanaQueryTarget>;

/** Body of POST /api/v1/grafana/query. */
export const GrafanaQuery = z.object({
  range: Range,
  targets: z.array(GrafanaQueryTarget).max(26),
  maxDataPoints: z.number().int().min(1).max(100_000).default(100),
});

/** Body of POST /api/v1/grafana/search and /variable: empty for what can be asked for, `hosts` for the names of hosts. */
export const GrafanaSearch = z.object({
  target: z.string().max(200).default(""),
  payload: z.looseObject({ target: z.string().max(200).optional() }).nullish(),
});

/** Body of POST /api/v1/grafana/annotations. `annotation.query`: kinds, and `host=NAME`, with spaces between. */
export const GrafanaAnnotationsQuery = z.object({
  range: Range,
  annotation: z.looseObject({ query: z.string().max(1000).nullish() }).default({}),
});

const plainRange = { from: instant.optional(), to: instant.optional() };

/** Query of GET /api/v1/grafana/problems and /backup-objectives. */
export const GrafanaListQuery = z.object({
  host: z.string().max(255).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** Query of GET /api/v1/grafana/logs. Without a time: the last hour. */
export const GrafanaLogsQuery = z.object({
  query: z.string().max(4096).default(""),
  ...plainRange,
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** Query of GET /api/v1/grafana/log-histogram. */
export const GrafanaHistogramQuery = z.object({
  query: z.string().max(4096).default(""),
  ...plainRange,
  bins: z.coerce.number().int().min(1).max(400).default(60),
});

/** Query of GET /api/v1/grafana/annotations. `kinds`: separated by commas; without, changes of state, backups and downtimes. */
export const GrafanaAnnotationListQuery = z.object({
  kinds: z
    .string()
    .max(200)
    .transform((text) => text.split(",").filter((word) => word !== ""))
    .pipe(z.array(GrafanaAnnotationKind))
    .default([]),
  host: z.string().max(255).optional(),
  ...plainRange,
  limit: z.coerce.number().int().min(1).max(500).default(200),
});
