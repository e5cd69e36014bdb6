import { formatDuration } from "../mail/format-time.ts";
import type { Simulation } from "./simulate.ts";

/**
 * A simulation as sentences: one for each contact, rule and reason, with when it is told first and how often after that; or the one reason why nobody
 * is. The same for two simulations exactly when the same people are told alike. Pure.
 */
export function describeSimulation({ messages, silences }: Simulation, fromMs: number): string[] {
  if (messages.length === 0) return [`nobody: ${silences[0]?.message ?? "no rule speaks"}`];
  const groups = Map.groupBy(messages, ({ contactName, ruleName, via }) =>
    JSON.stringify([contactName, ruleName, via]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    const { contactName, ruleName, via, channels, sentAtMs } = first;
    const when = sentAtMs <= fromMs ? "at once" : `after ${formatDuration(sentAtMs - fromMs)}`;
    const by = channels.map(({ type }) => type).join(", ");
    const why = via === null ? "" : `, ${via}`;
    const more = others.length === 0 ? "" : `, and ${others.length} more in the time looked at`;
    return [`${contactName} ${when} by ${by} (rule "${ruleName}"${why})${more}`];
  });
}
