import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import type { StoredAlert } from "./alert-store.ts";

const severest = (alerts: readonly StoredAlert[]) =>
  // CRITICAL before UNKNOWN before WARNING before OK.
  [2, 3, 1, 0].find((code) => alerts.some(({ returnCode }) => returnCode === code)) ?? 0;

const maximumListed = 20;
const maximumOutput = 60_000;

/** The result of a service from all alerts that belong to it, firing and resolved: as bad as the worst that fires. Pure. */
export function resultOfAlerts(
  place: { readonly host: string; readonly service: string },
  alerts: readonly StoredAlert[],
): PassiveCheckResult {
  const firing = alerts.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  if (firing.length === 0) return { ...place, returnCode: 0, output: resolvedText(alerts) };
  const worst = severest(firing);
  const ordered = [...firing].sort((a, b) => Number(b.returnCode === worst) - Number(a.returnCode === worst));
  const [first] = ordered;
  const headline = first === undefined ? "" : summaryOf(first);
  const output = [
    firing.length === 1 ? headline : `${firing.length} alerts: ${headline}`,
    ...ordered.slice(0, maximumListed).flatMap(detailsOf),
    ...(ordered.length > maximumListed ? [`and ${ordered.length - maximumListed} more`] : []),
  ].join("\n");
  return { ...place, returnCode: worst, output: output.slice(0, maximumOutput).toWellFormed() };
}

function resolvedText(alerts: readonly StoredAlert[]): string {
  const last = alerts.reduce<StoredAlert | undefined>(
    (latest, one) => ((latest?.resolvedAtMs ?? 0) >= (one.resolvedAtMs ?? 0) ? (latest ?? one) : one),
    undefined,
  );
  if (last === undefined) return "no alert is firing";
  const isSilent = last.endsAtMs !== null && last.updatedAtMs < last.endsAtMs;
  const how = isSilent ? "not sent any more" : "resolved";
  return `${how}: ${summaryOf(last)}`;
}

/** One line on an alert. What stands for perfdata in a plugin's output does not in an annotation. */
function summaryOf({ labels, annotations }: StoredAlert): string {
  const { summary, message, description, title } = annotations;
  return plain(summary || message || title || description || labels.alertname || "alert").slice(0, 1000);
}

function detailsOf({ labels, annotations, generatorUrl }: StoredAlert): string[] {
  const named = Object.entries(labels).map(([name, value]) => `${name}="${plain(value)}"`);
  return [
    named.join(" "),
    ...(annotations.description ? [plain(annotations.description)] : []),
    ...(generatorUrl === "" ? [] : [plain(generatorUrl)]),
  ];
}

function plain(text: string): string {
  return text.replaceAll(/[\s\p{Cc}|]+/gu, " ").trim();
}
