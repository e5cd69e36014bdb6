import { z } from "zod";

/** A cell: instants are milliseconds in columns of type `time`. */
const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** A table as simple-JSON data sources take it. */
export const GrafanaTable = z.object({
  type: z.literal("table"),
  refId: z.string().optional(),
  columns: z.array(z.object({ text: z.string(), type: z.enum(["time", "string", "number", "boolean"]) })),
  rows: z.array(z.array(Cell)),
});
export type GrafanaTable = z.infer<typeof GrafanaTable>;

/** A line: `[value, milliseconds]`, oldest first. */
export const GrafanaSeries = z.object({
  target: z.string(),
  refId: z.string().optional(),
  datapoints: z.array(z.tuple([z.number().nullable(), z.number()])),
});
export type GrafanaSeries = z.infer<typeof GrafanaSeries>;

/** Answer of POST /api/v1/grafana/query. */
export const GrafanaAnswer = z.array(z.union([GrafanaTable, GrafanaSeries]));

/** A row of a plain list: flat, by the names of its columns; instants are milliseconds. */
export const GrafanaRow = z.record(z.string(), Cell);
export type GrafanaRow = z.infer<typeof GrafanaRow>;

/** What a panel draws over its lines. `timeEnd` is given, and `isRegion` true, where it lasted. */
export const GrafanaAnnotation = z.object({
  time: z.number().int(),
  timeEnd: z.number().int().optional(),
  isRegion: z.boolean(),
  title: z.string(),
  text: z.string(),
  tags: z.array(z.string()),
});
export type GrafanaAnnotation = z.infer<typeof GrafanaAnnotation>;

/** Something to choose in a variable or a query editor. */
export const GrafanaChoice = z.object({ label: z.string(), value: z.string() });
export const GrafanaVariable = z.object({ __text: z.string(), __value: z.string() });
