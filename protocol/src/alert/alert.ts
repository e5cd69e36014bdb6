import { z } from "zod";

/** Label or annotation names with their values. */
export const LabelSet = z.record(z.string(), z.string());
export type LabelSet = z.infer<typeof LabelSet>;

/** More in one request is refused; Prometheus sends 64 at a time. */
export const maximumAlertsPerRequest = 5_000;

/** An alert as Prometheus and others send it. Instants are RFC 3339; absent or year 1: not said. */
export const PostableAlert = z.object({
  labels: LabelSet,
  annotations: LabelSet.nullish(),
  startsAt: z.string().nullish(),
  endsAt: z.string().nullish(),
  generatorURL: z.string().nullish(),
});
export type PostableAlert = z.infer<typeof PostableAlert>;

/** Where alerts of a kind go; for us a notification rule. */
export const Receiver = z.object({ name: z.string() });
export type Receiver = z.infer<typeof Receiver>;

export const AlertStatus = z.object({
  state: z.enum(["unprocessed", "active", "suppressed"]),
  /** Ids of silences. */
  silencedBy: z.array(z.string()),
  /** Fingerprints of the alerts whose problem is the cause of this one. */
  inhibitedBy: z.array(z.string()),
  mutedBy: z.array(z.string()),
});
export type AlertStatus = z.infer<typeof AlertStatus>;

/** An alert as it is answered. `fingerprint` is Alertmanager's: 64 bits FNV-1a of the labels in order, in hex. */
export const GettableAlert = z.object({
  labels: LabelSet,
  annotations: LabelSet,
  startsAt: z.string(),
  endsAt: z.string(),
  updatedAt: z.string(),
  fingerprint: z.string(),
  generatorURL: z.string().optional(),
  receivers: z.array(Receiver),
  status: AlertStatus,
});
export type GettableAlert = z.infer<typeof GettableAlert>;

export const AlertGroup = z.object({ labels: LabelSet, receiver: Receiver, alerts: z.array(GettableAlert) });
export type AlertGroup = z.infer<typeof AlertGroup>;
