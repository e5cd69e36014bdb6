import { z } from "zod";
import { LabelSet, maximumAlertsPerRequest, PostableAlert } from "./alert.ts";

const WebhookAlert = PostableAlert.extend({
  status: z.enum(["firing", "resolved"]),
  /** Grafana: where to look. */
  dashboardURL: z.string().nullish(),
  panelURL: z.string().nullish(),
  /** Grafana: what was measured; older versions say it as text. */
  values: z.record(z.string(), z.unknown()).nullish(),
  valueString: z.string().nullish(),
});
export type WebhookAlert = z.infer<typeof WebhookAlert>;

const common = {
  status: z.enum(["firing", "resolved"]),
  receiver: z.string().default(""),
  externalURL: z.string().nullish(),
  groupKey: z.string().nullish(),
  truncatedAlerts: z.number().int().nullish(),
  commonLabels: LabelSet.nullish(),
  alerts: z.array(WebhookAlert).max(maximumAlertsPerRequest),
};

/** The body of Alertmanager's webhook, version 4. */
export const AlertmanagerWebhook = z.object({ version: z.literal("4"), ...common });
export type AlertmanagerWebhook = z.infer<typeof AlertmanagerWebhook>;

/** The body of Grafana's webhook contact point, version 1. */
export const GrafanaWebhook = z.object({
  version: z.string().nullish(),
  orgId: z.number().int().nullish(),
  title: z.string().nullish(),
  message: z.string().nullish(),
  state: z.string().nullish(),
  ...common,
});
export type GrafanaWebhook = z.infer<typeof GrafanaWebhook>;

/** What a webhook answers once its alerts are durable. */
export const WebhookAnswer = z.object({
  accepted: z.number().int(),
  rejected: z.array(z.object({ index: z.number().int(), message: z.string() })),
});
export type WebhookAnswer = z.infer<typeof WebhookAnswer>;
