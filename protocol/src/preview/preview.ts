import { z } from "zod";
import { OnCallScheduleInput } from "../on-call/index.ts";
import { ServiceSelector } from "../selector/index.ts";
import { ShownHostState, ShownServiceState } from "../state/index.ts";
import { TimePeriodInput, TimeZone } from "../time-period/index.ts";

const instant = z.number().int().min(0).max(8_000_000_000_000);
/** A definition that is being written may have no name yet. */
const nameOrNone = z.string().max(128).default("");

/** From an instant to another, ms UTC; the end does not belong to it. */
export const Stretch = z.object({ fromMs: z.number().int(), untilMs: z.number().int() });
export type Stretch = z.infer<typeof Stretch>;

/** POST /api/v1/previews/time-period: when is one inside a period as written here? What it excludes is taken from what is stored. */
export const TimePeriodPreviewRequest = z.object({
  period: TimePeriodInput.extend({ name: nameOrNone }),
  /** Now when absent. */
  fromMs: instant.optional(),
  days: z.number().int().min(1).max(62).default(14),
});
export type TimePeriodPreviewRequest = z.input<typeof TimePeriodPreviewRequest>;
export const TimePeriodPreview = z.object({
  fromMs: z.number().int(),
  untilMs: z.number().int(),
  /** Whether `fromMs` is inside. */
  isInside: z.boolean(),
  /** When that next changes; null when not within ten years. */
  changesAtMs: z.number().int().nullable(),
  /** The times inside between `fromMs` and `untilMs`, in order; at most 2,000. */
  stretches: z.array(Stretch),
});
export type TimePeriodPreview = z.infer<typeof TimePeriodPreview>;

/** POST /api/v1/previews/on-call: who is on call by a schedule as written here? */
export const OnCallPreviewRequest = z.object({
  schedule: OnCallScheduleInput.extend({ name: nameOrNone }),
  fromMs: instant.optional(),
  days: z.number().int().min(1).max(92).default(28),
});
export type OnCallPreviewRequest = z.input<typeof OnCallPreviewRequest>;
export const OnCallPreview = z.object({
  fromMs: z.number().int(),
  untilMs: z.number().int(),
  turns: z.array(Stretch.extend({ contact: z.string(), isOverride: z.boolean() })),
});
export type OnCallPreview = z.infer<typeof OnCallPreview>;

/** POST /api/v1/previews/schedule: when does a cron line fire next, on the clock of its place? */
export const SchedulePreviewRequest = z.object({
  cron: z.string().max(100),
  timeZone: TimeZone.default("UTC"),
  fromMs: instant.optional(),
  count: z.number().int().min(1).max(100).default(10),
});
export type SchedulePreviewRequest = z.input<typeof SchedulePreviewRequest>;
export const SchedulePreview = z.object({
  /** Why it cannot be understood or never comes; null when it does. */
  fault: z.string().nullable(),
  startsAtMs: z.array(z.number().int()),
});
export type SchedulePreview = z.infer<typeof SchedulePreview>;

/** POST /api/v1/previews/selector: what does a selector cover now? */
export const SelectorPreviewRequest = z.object({ selector: ServiceSelector });
export type SelectorPreviewRequest = z.infer<typeof SelectorPreviewRequest>;
export const SelectorPreview = z.object({
  hostCount: z.number().int(),
  serviceCount: z.number().int(),
  /** Hosts covered themselves, the first 30 by name. */
  hosts: z.array(z.object({ id: z.number().int(), name: z.string(), state: ShownHostState })),
  /** Services covered, the first 30 by host and name. */
  services: z.array(
    z.object({ id: z.number().int(), hostName: z.string(), name: z.string(), state: ShownServiceState }),
  ),
});
export type SelectorPreview = z.infer<typeof SelectorPreview>;
