import type { DiscoveredThing, DiscoveryReport, ProposalPhase } from "@mycloud/protocol/service-proposal";
import { type HostNames, isCovered, type WatchingService } from "./is-covered.ts";

/** A proposal as it is stored. */
export interface KnownProposal {
  readonly id: number;
  readonly kind: string;
  readonly key: string;
  readonly phase: ProposalPhase;
  readonly vanishedAtMs: number | null;
}

/** What a report changes. */
export interface ProposalPlan {
  readonly create: readonly DiscoveredThing[];
  /** Seen again; `phase` is what it is from now on. */
  readonly seen: readonly { readonly id: number; readonly thing: DiscoveredThing; readonly phase: ProposalPhase }[];
  /** Not found any more, since now. */
  readonly vanish: readonly number[];
  /** Waited for a decision, and has a service by now. */
  readonly remove: readonly number[];
  readonly covered: number;
}

/**
 * Holds what was found against the host's services and what is known. What was rejected stays rejected; what was approved and has lost its
 * service is proposed anew. Pure.
 */
export function planProposals(
  report: Pick<DiscoveryReport, "found" | "failed">,
  known: readonly KnownProposal[],
  services: readonly WatchingService[],
  host: HostNames,
): ProposalPlan {
  const byThing = new Map(known.map((proposal) => [`${proposal.kind} ${proposal.key}`, proposal]));
  const found = new Map(report.found.map((thing) => [`${thing.kind} ${thing.key}`, thing]));
  const create: DiscoveredThing[] = [];
  const seen: { id: number; thing: DiscoveredThing; phase: ProposalPhase }[] = [];
  const remove: number[] = [];
  let covered = 0;
  for (const [name, thing] of found) {
    const before = byThing.get(name);
    const hasService = isCovered(thing, services, host);
    if (hasService) covered++;
    if (before === undefined) {
      if (!hasService) create.push(thing);
      continue;
    }
    if (hasService && before.phase === "proposed") remove.push(before.id);
    else
      seen.push({
        id: before.id,
        thing,
        phase: before.phase === "approved" && !hasService ? "proposed" : before.phase,
      });
  }
  const unknown = new Set<string>(report.failed.map(({ kind }) => kind));
  const vanish = known
    .filter(
      ({ kind, key, vanishedAtMs }) => vanishedAtMs === null && !unknown.has(kind) && !found.has(`${kind} ${key}`),
    )
    .map(({ id }) => id);
  return { create, seen, vanish, remove, covered };
}
