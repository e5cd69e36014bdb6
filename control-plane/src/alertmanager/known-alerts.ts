import { Counter, type Registry } from "prom-client";
import type { AlertIntake } from "./accept-alerts.ts";
import type { SentAlert } from "./read-alerts.ts";

/** On alerts of `mycloud export prometheus` that are about a state which MyCloud keeps itself. */
export const knownLabel = "mycloud_known";

/** Whether an alert repeats what MyCloud has found out by itself: as a service of its own it would be a second problem, notified once more. Pure. */
export function isKnown({ labels }: Pick<SentAlert, "labels">): boolean {
  return labels[knownLabel] === "true";
}

/** The intake without known alerts: those are as good as taken, and only counted. */
export function withoutKnownAlerts(intake: AlertIntake, registry: Registry): AlertIntake {
  const received = new Counter({
    name: "mycloud_alerts_received_total",
    help: "Alerts that Prometheus, Alertmanager or Grafana sent, each time: stored, known (MyCloud's own state, no second problem) or refused",
    labelNames: ["outcome"],
    registers: [registry],
  });
  for (const outcome of ["stored", "known", "refused"]) received.inc({ outcome }, 0);
  return {
    async accept(alerts, sender) {
      const news = alerts.filter((alert) => !isKnown(alert));
      const refused = news.length === 0 ? [] : await intake.accept(news, sender);
      received.inc({ outcome: "known" }, alerts.length - news.length);
      received.inc({ outcome: "refused" }, refused.length);
      received.inc({ outcome: "stored" }, Math.max(0, news.length - refused.length));
      return refused;
    },
    settleDue: () => intake.settleDue(),
  };
}
