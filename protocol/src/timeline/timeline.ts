import { z } from "zod";

/**
 * What kinds of things happen. `state`: a change of a host's or service's state; `definition`: somebody changed what is watched, and how; `agent`: one
 * started or has another version; `command`: an operator made something happen; `outage`: no control plane watched; `dns`: what
 * names answer changed with the health of a service.
 */
export const TimelineKind = z.enum([
  "state",
  "notification",
  "acknowledgement",
  "downtime",
  "comment",
  "definition",
  "agent",
  "command",
  "outage",
  "dns",
]);
export type TimelineKind = z.infer<typeof TimelineKind>;

/** How bad a change of state is: what it led to. STALE counts as unknown, DOWN and UNREACHABLE as critical. */
export const TimelineSeverity = z.enum(["ok", "warning", "critical", "unknown"]);
export type TimelineSeverity = z.infer<typeof TimelineSeverity>;

/** One thing that happened. */
export const TimelineEntry = z.object({
  /** Unique: the source and its row. */
  key: z.string(),
  kind: TimelineKind,
  atMs: z.number().int(),
  /** Null for what is no one host's. */
  hostId: z.number().int().nullable(),
  hostName: z.string().nullable(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  /** What happened, in words: `OK to CRITICAL`, `downtime began`. */
  title: z.string(),
  /** Output, comment, reason. */
  detail: z.string(),
  /** Who did it; null when nobody did. */
  author: z.string().nullable(),
  /** The state after it, of a change of state. */
  state: z.string().nullable(),
  stateType: z.enum(["SOFT", "HARD"]).nullable(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

/** How often something of one kind happened in each of the equal parts of the range. */
export const TimelineLane = z.object({
  kind: TimelineKind,
  /** Of changes of state; null for other kinds. */
  severity: TimelineSeverity.nullable(),
  counts: z.array(z.number().int()),
});
export type TimelineLane = z.infer<typeof TimelineLane>;

/** The whole range at a glance. `countedFromMs`: what happened before it was too much to count; null when everything was counted. */
export const TimelineDensity = z.object({
  fromMs: z.number().int(),
  untilMs: z.number().int(),
  bins: z.number().int(),
  lanes: z.array(TimelineLane),
  countedFromMs: z.number().int().nullable(),
});
export type TimelineDensity = z.infer<typeof TimelineDensity>;

export const TimelineAnswer = z.object({
  data: z.array(TimelineEntry),
  /** When asked for with `bins`. */
  density: TimelineDensity.optional(),
  /** Give it as `cursor` for what comes next; null at the end. */
  nextCursor: z.string().nullable(),
});
export type TimelineAnswer = z.infer<typeof TimelineAnswer>;

const instant = z.coerce.number().int().min(0).max(8_000_000_000_000);
const id = z.coerce.number().int().min(1);

const wordsOf = <Word extends z.ZodType<string, string>>(word: Word) =>
  z
    .string()
    .max(200)
    .transform((text) => text.split(","))
    .pipe(z.array(word).min(1))
    .optional();

/**
 * Query of GET /api/v1/timeline; newest first. `kind` and `severity` are one or several, separated by commas; with `severity`, only changes of state. `serviceId`
 * 0 = the host itself. `bins`: how many parts to count the whole range in, as well.
 */
export const TimelineQuery = z.object({
  fromMs: instant.default(0),
  untilMs: instant.optional(),
  kind: wordsOf(TimelineKind),
  severity: wordsOf(TimelineSeverity),
  hostId: id.optional(),
  serviceId: z.coerce.number().int().min(0).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,16}\.\d{1,2}\.\d{1,16}$/, "is no cursor of an earlier answer")
    .optional(),
  limit: z.coerce.number().int().min(0).max(500).default(100),
  bins: z.coerce.number().int().min(1).max(400).optional(),
});
export type TimelineQuery = z.infer<typeof TimelineQuery>;
