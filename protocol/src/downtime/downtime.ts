import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { ServiceSelector } from "../selector/index.ts";

const dayMs = 86_400_000;

/**
 * A downtime: whatever the selector matches sends no notification, services added later included. Fixed: from start to end. Flexible
 * (`isFixed` false): for each object it covers by itself, `durationSeconds` long from its first bad state (SOFT or HARD) between start and end; one that is bad
 * at the start already begins there. With `triggeredById` it begins when that downtime does, and ends at `endAtMs` (fixed) or after
 * `durationSeconds` (flexible).
 */
export const DowntimeInput = z
  .object({
    selector: ServiceSelector,
    startAtMs: z.number().int(),
    endAtMs: z.number().int(),
    comment: z.string().min(1, "comment is empty; say why").max(2000),
    isFixed: z.boolean().default(true),
    /** How long a flexible one lasts. */
    durationSeconds: z.number().int().min(1).max(31_622_400).nullable().default(null),
    triggeredById: z.number().int().nullable().default(null),
    /** Says so this long before the end when something it covers is still bad; never when null. */
    reminderSeconds: z.number().int().min(60).max(604_800).nullable().default(null),
  })
  .refine((downtime) => downtime.endAtMs > downtime.startAtMs, {
    path: ["endAtMs"],
    message: "endAtMs is not after startAtMs",
  })
  .refine((downtime) => downtime.endAtMs - downtime.startAtMs <= 366 * dayMs, {
    path: ["endAtMs"],
    message: "a downtime is longer than 366 days",
  })
  .refine((downtime) => downtime.isFixed || downtime.durationSeconds !== null, {
    path: ["durationSeconds"],
    message: "a flexible downtime has no durationSeconds; say how long it lasts once it begins",
  });
export type DowntimeInput = z.infer<typeof DowntimeInput>;
/** What a client may send: defaults left out. */
export type DowntimeRequest = z.input<typeof DowntimeInput>;

/**
 * `pending` before it begins (a flexible one: while it has begun for nothing), `active` while it keeps something quiet, `expired` after, or `cancelled`.
 */
export const DowntimePhase = z.enum(["pending", "active", "expired", "cancelled"]);
export type DowntimePhase = z.infer<typeof DowntimePhase>;

export const Downtime = z.object({
  id: z.number().int(),
  selector: ServiceSelector,
  startAtMs: z.number().int(),
  endAtMs: z.number().int(),
  comment: z.string(),
  authorName: z.string(),
  phase: DowntimePhase,
  cancelledAtMs: z.number().int().nullable(),
  createdAtMs: z.number().int(),
  isFixed: z.boolean(),
  durationSeconds: z.number().int().nullable(),
  triggeredById: z.number().int().nullable(),
  /** When its trigger began; null before, and without one. */
  triggeredAtMs: z.number().int().nullable(),
  reminderSeconds: z.number().int().nullable(),
  /** The recurring downtime it is an occurrence of. */
  recurringName: z.string().nullable(),
  /** For how many objects a flexible one is in effect now. */
  activeObjects: z.number().int(),
});
export type Downtime = z.infer<typeof Downtime>;

export const DowntimeFilter = z.strictObject({
  ...baseFilter,
  phase: z.union([DowntimePhase, z.array(DowntimePhase)]).optional(),
  hostId: z.number().int().optional(),
  serviceId: z.number().int().optional(),
  recurringName: z.string().optional(),
});
export type DowntimeFilter = z.infer<typeof DowntimeFilter>;
