import { z } from "zod";
import { baseFilter } from "../list/index.ts";
import { ServiceSelector } from "../selector/index.ts";

/** A fixed downtime: from start to end, whatever the selector matches sends no notification, services added later included. */
export const DowntimeInput = z
  .object({
    selector: ServiceSelector,
    startAtMs: z.number().int(),
    endAtMs: z.number().int(),
    comment: z.string().min(1, "comment is empty; say why").max(2000),
  })
  .refine((downtime) => downtime.endAtMs > downtime.startAtMs, {
    path: ["endAtMs"],
    message: "endAtMs is not after startAtMs",
  })
  .refine((downtime) => downtime.endAtMs - downtime.startAtMs <= 366 * 86_400_000, {
    path: ["endAtMs"],
    message: "a downtime is longer than 366 days",
  });
export type DowntimeInput = z.infer<typeof DowntimeInput>;

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
});
export type Downtime = z.infer<typeof Downtime>;

export const DowntimeFilter = z.strictObject({
  ...baseFilter,
  phase: z.union([DowntimePhase, z.array(DowntimePhase)]).optional(),
  hostId: z.number().int().optional(),
  serviceId: z.number().int().optional(),
});
export type DowntimeFilter = z.infer<typeof DowntimeFilter>;
