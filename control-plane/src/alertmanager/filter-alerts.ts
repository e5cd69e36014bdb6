import type { AlertGroup, GettableAlert } from "@mycloud/protocol/alert";
import { z } from "zod";
import { InputError } from "../error/index.ts";
import { compileSearch, RegexError } from "../livestatus/regex/index.ts";
import { compileMatchers } from "./matcher.ts";
import { parseMatcher } from "./parse-matcher.ts";

const maximumFilters = 100;

/** Parameters that may be there once or several times. */
const Texts = z
  .union([z.string().max(8192), z.array(z.string().max(8192)).max(maximumFilters)])
  .transform((texts) => [texts].flat())
  .prefault([]);

// As Go reads booleans.
const Truth = z
  .string()
  .transform((text, context) => {
    if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
    if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
    context.addIssue({ code: "custom", message: "is neither true nor false" });
    return z.NEVER;
  })
  .prefault("true");

/** What GET /api/v2/alerts and /alerts/groups are asked. */
export const AlertsQuery = z.object({
  active: Truth,
  silenced: Truth,
  inhibited: Truth,
  unprocessed: Truth,
  muted: Truth,
  filter: Texts,
  receiver: z.string().max(4096).optional(),
});
export type AlertsQuery = z.output<typeof AlertsQuery>;

export const SilencesQuery = z.object({ filter: Texts, creator: Texts });

/** The alerts that are asked for. Throws InputError for a matcher or expression that is not understood. Pure. */
export function filterAlerts(alerts: readonly GettableAlert[], query: AlertsQuery): GettableAlert[] {
  const matches = compileMatchers(query.filter.map(parseMatcher));
  const isReceiver = receiverTest(query.receiver);
  return alerts.filter(({ labels, status, receivers }) => {
    if (!query.active && status.state === "active") return false;
    if (!query.unprocessed && status.state === "unprocessed") return false;
    if (!query.silenced && status.silencedBy.length > 0) return false;
    if (!query.inhibited && status.inhibitedBy.length > 0) return false;
    return matches(labels) && receivers.some(({ name }) => isReceiver(name));
  });
}

function receiverTest(expression: string | undefined): (name: string) => boolean {
  if (expression === undefined || expression === "") return () => true;
  try {
    return compileSearch(`^(?:${expression})$`, false);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new InputError(`failed to parse receiver param: ${expression}: ${error.message}`);
  }
}

/** Alerts by receiver and alertname, in this order. Pure. */
export function groupAlerts(alerts: readonly GettableAlert[], receiver: string | undefined): AlertGroup[] {
  const isReceiver = receiverTest(receiver);
  const groups = new Map<string, AlertGroup>();
  for (const alert of alerts) {
    for (const { name } of alert.receivers) {
      if (!isReceiver(name)) continue;
      const { alertname } = alert.labels;
      const key = JSON.stringify([alertname ?? "", name]);
      const labels = alertname === undefined ? {} : { alertname };
      const group: AlertGroup = groups.get(key) ?? { labels, receiver: { name }, alerts: [] };
      group.alerts.push(alert);
      groups.set(key, group);
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}
