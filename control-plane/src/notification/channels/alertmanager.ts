import { isBad } from "../decide-notification.ts";
import { isBundle } from "../mail/bundle-content.ts";
import type { MessageContent } from "../mail/message-content.ts";
import type { ChannelMessage, ChannelSender } from "./channel.ts";
import { type PostDependencies, post } from "./post.ts";

/** An alert as Alertmanager's API v2 takes it. */
export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly generatorURL: string;
}

const severities = { critical: "critical", warning: "warning", unknown: "unknown" } as const;
type Severity = keyof typeof severities;

/** Longer than any outage of ours should be: an alert must not end because nobody repeated it. A recovery ends it at once. */
const openForMs = 30 * 86_400_000;

function severityOf(state: string): Severity {
  if (state === "CRITICAL" || state === "DOWN") return "critical";
  return state === "WARNING" ? "warning" : "unknown";
}

/**
 * The alerts that a message means. Alertmanager knows an alert by its labels, and the severity is one: when it changes, the alert of the one before is
 * ended. Pure.
 */
export function alertsOf({ content, facts }: Pick<ChannelMessage, "content" | "facts">, nowMs: number): PostedAlert[] {
  // Groups are Alertmanager's own business: it gets each problem by itself, and no summaries.
  if (isBundle(content) || content.type === "TEST" || !isAboutState(content)) return [];
  const firing = isBad(content.toState) ? severityOf(content.toState) : null;
  // Alertmanager refuses an alert that ends before it starts, and clocks differ.
  const startsAt = new Date(Math.min(content.problemStartedAtMs ?? content.atMs, nowMs)).toISOString();
  return Object.values(severities).map((severity) => ({
    labels: labelsOf(content, severity),
    annotations: { summary: facts.headline, description: content.output.slice(0, 1000), state: content.toState },
    startsAt,
    endsAt: new Date(severity === firing ? nowMs + openForMs : nowMs).toISOString(),
    generatorURL: facts.link,
  }));
}

function isAboutState({ type }: MessageContent): boolean {
  return type === "PROBLEM" || type === "RECOVERY" || type === "FLAPPINGSTOP";
}

function labelsOf(content: MessageContent, severity: Severity): Record<string, string> {
  const own = Object.entries(content.hostLabels).map(([name, value]) => [
    name.replaceAll(/[^A-Za-z0-9_]/g, "_"),
    value,
  ]);
  return {
    ...Object.fromEntries(own),
    alertname: content.serviceName ?? "host",
    host: content.hostName,
    ...(content.serviceName === null ? {} : { service: content.serviceName }),
    severity,
  };
}

export function createAlertmanagerSender(
  dependencies: PostDependencies & { readonly now: () => number },
): ChannelSender<"alertmanager"> {
  return {
    batchSize: 100,
    async send({ url, token }, messages, signal) {
      const alerts = messages.flatMap((message) => alertsOf(message, dependencies.now()));
      if (alerts.length === 0) return;
      // Of the same alert, the last word counts.
      const byLabels = new Map(alerts.map((alert) => [JSON.stringify(alert.labels), alert]));
      const headers = {
        "content-type": "application/json",
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      };
      const address = `${url.replace(/\/+$/, "")}/api/v2/alerts`;
      await post(dependencies, address, headers, JSON.stringify([...byLabels.values()]), signal);
    },
  };
}
