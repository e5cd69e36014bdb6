import { DamagedObject, MaintenanceFigures } from "@mycloud/protocol/backup-maintenance";
import { Retention } from "@mycloud/protocol/backup-policy";
import { z } from "zod";

/** What there is to do. Passwords go by the channel between the processes and are nowhere else. */
export const MaintenanceWork = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("retention"), password: z.string(), retention: Retention }),
  /** Holds on every snapshot but these. Needs no key. */
  z.object({ kind: z.literal("hold"), except: z.array(z.string()), reason: z.string() }),
  z.object({ kind: z.literal("release") }),
  z.object({
    kind: z.literal("examine"),
    password: z.string(),
    objects: z.array(z.object({ type: z.string(), name: z.string(), reason: z.string(), foundAtMs: z.number() })),
  }),
]);
export type MaintenanceWork = z.infer<typeof MaintenanceWork>;

/** One repository and what to do with it. */
export const MaintenanceTask = z.object({
  kind: z.literal("start"),
  /** As restic writes it, without credentials. */
  location: z.string(),
  certificateAuthority: z.string().nullable(),
  token: z.string(),
  work: MaintenanceWork,
});
export type MaintenanceTask = z.infer<typeof MaintenanceTask>;

/** What came of it. */
export const MaintenanceResult = z.object({
  figures: MaintenanceFigures,
  /** Of `examine`. */
  damaged: z.array(DamagedObject).nullable(),
});
export type MaintenanceResult = z.infer<typeof MaintenanceResult>;
