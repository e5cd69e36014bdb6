import { AlertmanagerWebhook, GrafanaWebhook, type WebhookAlert, WebhookAnswer } from "@mycloud/protocol/alert";
import type { z } from "zod";
import { InputError } from "../error/index.ts";
import { type Route, route } from "../http/route.ts";
import type { AlertIntake, AlertSender } from "./accept-alerts.ts";
import { maximumAlertBodyBytes } from "./alert-routes.ts";
import { senderOf } from "./alert-sender.ts";
import { readAlerts } from "./read-alerts.ts";

export interface WebhookDependencies {
  readonly intake: AlertIntake;
  readonly now: () => number;
}

const kinds = [
  { name: "alertmanager", schema: AlertmanagerWebhook, summary: "Take what an Alertmanager's webhook sends" },
  { name: "grafana", schema: GrafanaWebhook, summary: "Take what a Grafana's webhook contact point sends" },
] as const;

/** Webhooks in: what others notify of becomes services, as with alerts that are sent here directly. */
export function createWebhookRoutes({ intake, now }: WebhookDependencies): Route[] {
  async function accept(alerts: readonly WebhookAlert[], sender: AlertSender): Promise<WebhookAnswer> {
    const nowMs = now();
    const posted = alerts.map((alert) => ({
      ...alert,
      // Whoever notifies says when it is over, and may say nothing for hours before.
      endsAt: alert.status === "resolved" ? endOf(alert, nowMs) : null,
      annotations: { ...alert.annotations, ...grafanaAnnotations(alert) },
    }));
    const read = readAlerts(posted, { nowMs, resolveTimeoutMs: null });
    const rejected = [...read.faults, ...(await intake.accept(read.alerts, sender))];
    // A sender looks at nothing but the status: when nothing was taken it has to learn that.
    if (rejected.length > 0 && rejected.length >= alerts.length) {
      throw new InputError(
        rejected
          .map(({ message }) => message)
          .slice(0, 5)
          .join("; "),
      );
    }
    return { accepted: alerts.length - rejected.length, rejected };
  }

  return kinds.map(({ name, schema, summary }) =>
    route({
      method: "post",
      path: `/api/v1/webhooks/${name}`,
      summary,
      access: { kind: "tokenScope", tokenScope: "ingest", orRole: "operator" },
      body: schema as z.ZodType<z.output<typeof schema>>,
      maximumBodyBytes: maximumAlertBodyBytes,
      answer: WebhookAnswer,
      isBasicTaken: true,
      handle: ({ actor, scope, body }) => accept(body.alerts, senderOf(actor, scope)),
    }),
  );
}

/** When a resolved alert ended; clocks differ, and it is over now. */
function endOf({ endsAt, startsAt }: WebhookAlert, nowMs: number): string {
  const said = Date.parse(endsAt ?? "");
  const started = Date.parse(startsAt ?? "");
  const atMs = Number.isNaN(said) || said <= 0 || said > nowMs ? nowMs : said;
  return new Date(Number.isNaN(started) ? atMs : Math.max(atMs, Math.min(started, nowMs))).toISOString();
}

/** What Grafana says beside annotations. */
function grafanaAnnotations({ dashboardURL, panelURL, values, valueString }: WebhookAlert): Record<string, string> {
  const measured = values === null || values === undefined ? valueString : JSON.stringify(values);
  return {
    ...(measured ? { values: measured.slice(0, 4096) } : {}),
    ...(dashboardURL ? { dashboard: dashboardURL } : {}),
    ...(panelURL ? { panel: panelURL } : {}),
  };
}
