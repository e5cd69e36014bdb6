import { matchesService } from "@mycloud/protocol/selector";
import { type LiveDowntime, objectKeyOf, type Span, spanFor } from "../downtime/downtime-effect.ts";
import { type CoverableHost, isTheirs } from "./known-rule.ts";
import type { LoadedRules } from "./load-rules.ts";

/** A downtime as a decision says it: its end is when it ends for the object in question. */
export type KnownDowntime = Pick<
  LiveDowntime,
  "id" | "selector" | "startAtMs" | "endAtMs" | "comment" | "authorName" | "customer"
>;

/** The definitions that decisions rest on, as they were at one moment. */
export interface NotificationDefinitions extends LoadedRules {
  readonly downtimes: readonly LiveDowntime[];
}

/**
 * The downtime that keeps a service or host quiet at an instant; of several, the one that ends last. The object in question is bad: a flexible
 * downtime that has not begun for it begins now. A service is quiet while its host is in downtime as well, as in Nagios. Pure.
 */
export function downtimeFor(
  downtimes: readonly LiveDowntime[],
  host: CoverableHost,
  serviceName: string | null,
  atMs: number,
  isHostDown = false,
): KnownDowntime | null {
  let found: KnownDowntime | null = null;
  for (const downtime of downtimes) {
    const span =
      spanCovering(downtime, host, serviceName, true, atMs) ??
      (serviceName === null ? null : spanCovering(downtime, host, null, isHostDown, atMs));
    if (span === null || (found !== null && found.endAtMs >= span.untilMs)) continue;
    found = { ...downtime, endAtMs: span.untilMs };
  }
  return found;
}

function spanCovering(
  downtime: LiveDowntime,
  host: CoverableHost,
  serviceName: string | null,
  isBad: boolean,
  atMs: number,
): Span | null {
  if (!isTheirs(downtime.customer, host)) return null;
  const span = spanFor(downtime, objectKeyOf(host.name, serviceName), isBad, atMs);
  return span !== null && matchesService(downtime.selector, host, serviceName ?? undefined) ? span : null;
}
