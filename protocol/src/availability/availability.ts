import { z } from "zod";
import { HostState, ServiceState } from "../state/index.ts";

/** Why nothing is known of a time: no result yet, results that stopped coming, or no control plane that watched. */
export const BlindReason = z.enum(["PENDING", "STALE", "OUTAGE"]);
export type BlindReason = z.infer<typeof BlindReason>;

/** What an object can be in during a stretch of time. */
export const AvailabilityState = z.enum([...ServiceState.options, ...HostState.options, ...BlindReason.options]);
export type AvailabilityState = z.infer<typeof AvailabilityState>;

/** How long one state held, and how much of that was in downtime. */
export const StateShare = z.object({ durationMs: z.number().int(), inDowntimeMs: z.number().int() });
export type StateShare = z.infer<typeof StateShare>;

/**
 * Times OK or UP as ratios of 1; null when there is no time to speak of. Time in which monitoring was blind is in the divisor and never OK, but for
 * `ofKnown`, which leaves it out.
 */
export const AvailabilityRatios = z.object({
  /** Downtime makes no difference. */
  plain: z.number().nullable(),
  /** A problem in downtime counts as OK; what was not known in downtime does not. */
  downtimeAsOk: z.number().nullable(),
  /** Time in downtime is left out on both sides. */
  downtimeExcluded: z.number().nullable(),
  /** As `plain`, of the time of which anything is known. */
  ofKnown: z.number().nullable(),
});
export type AvailabilityRatios = z.infer<typeof AvailabilityRatios>;

/** The time of one object, or of several added up. The states' durations, `outsidePeriodMs` and `notExistingMs` add up to the whole range. */
export const AvailabilityFigures = z.object({
  states: z.partialRecord(AvailabilityState, StateShare),
  /** In the period asked about and after the object was created: what ratios are of. */
  countedMs: z.number().int(),
  okMs: z.number().int(),
  blindMs: z.number().int(),
  downtimeMs: z.number().int(),
  /** In the range and outside the time period that was asked about. */
  outsidePeriodMs: z.number().int(),
  /** Before the object was created. */
  notExistingMs: z.number().int(),
  ratios: AvailabilityRatios,
});
export type AvailabilityFigures = z.infer<typeof AvailabilityFigures>;

/** One stretch of the bar: null where the object did not exist. */
export const AvailabilityStretch = z.object({
  fromMs: z.number().int(),
  untilMs: z.number().int(),
  state: AvailabilityState.nullable(),
  isInDowntime: z.boolean(),
  /** In the time period that was asked about. */
  isCounted: z.boolean(),
});
export type AvailabilityStretch = z.infer<typeof AvailabilityStretch>;

export const ObjectAvailability = AvailabilityFigures.extend({
  hostId: z.number().int(),
  hostName: z.string(),
  serviceId: z.number().int().nullable(),
  serviceName: z.string().nullable(),
  /** Empty unless asked for; at most 2000, the shortest joined with their neighbours' states left out. */
  stretches: z.array(AvailabilityStretch),
  /** True when there were more stretches than are listed; the figures are of all. */
  isCut: z.boolean(),
});
export type ObjectAvailability = z.infer<typeof ObjectAvailability>;

/** What is added up over all objects of the answer, hosts and services each. */
export const AvailabilitySummary = AvailabilityFigures.extend({
  kind: z.enum(["hosts", "services"]),
  count: z.number().int(),
});
export type AvailabilitySummary = z.infer<typeof AvailabilitySummary>;

export const AvailabilityAnswer = z.object({
  fromMs: z.number().int(),
  untilMs: z.number().int(),
  period: z.string().nullable(),
  isSoftCounted: z.boolean(),
  summaries: z.array(AvailabilitySummary),
  data: z.array(ObjectAvailability),
  /** How many objects match; the answer has one page of them, and the summaries are of that page. */
  total: z.number().int(),
});
export type AvailabilityAnswer = z.infer<typeof AvailabilityAnswer>;

/** Text of a query that says yes or no. */
const yesOrNo = z.enum(["true", "false"]).transform((text) => text === "true");
const instant = z.coerce.number().int().min(0).max(8_000_000_000_000);

/**
 * Query of GET /api/v1/availability. Without any of host, service, group, serviceGroup and selector it is of everything in scope. `service` alone is that
 * service on every host. At most a leap year.
 */
export const AvailabilityQuery = z
  .object({
    fromMs: instant,
    untilMs: instant,
    /** Names and patterns of hosts. */
    host: z.string().min(1).max(255).optional(),
    service: z.string().min(1).max(255).optional(),
    /** A group of hosts. */
    group: z.string().min(1).max(255).optional(),
    /** A ServiceGroup by name. */
    serviceGroup: z.string().min(1).max(255).optional(),
    /** A ServiceSelector as JSON. */
    selector: z.string().max(16_384).optional(),
    only: z.enum(["hosts", "services"]).optional(),
    /** Name of a time period: only times in it count. */
    period: z.string().min(1).max(255).optional(),
    /** Counts SOFT states too; else a state counts from when it is HARD. */
    soft: yesOrNo.default(false),
    /** With the stretches behind the figures. */
    stretches: yesOrNo.default(false),
    page: z.coerce.number().int().min(1).max(1_000_000).default(1),
    perPage: z.coerce.number().int().min(1).max(1000).default(200),
    /** CSV only: everything that matches, page after page from the first, however much it is. */
    all: yesOrNo.default(false),
  })
  .refine(({ fromMs, untilMs }) => fromMs < untilMs, { path: ["untilMs"], message: "untilMs is not after fromMs" })
  .refine(({ fromMs, untilMs }) => untilMs - fromMs <= 366 * 86_400_000, {
    path: ["fromMs"],
    message: "the range is longer than 366 days",
  });
export type AvailabilityQuery = z.infer<typeof AvailabilityQuery>;
