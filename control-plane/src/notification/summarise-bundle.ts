import type { BundleMember, DueBundle } from "./bundle-store.ts";
import { isBad } from "./decide-notification.ts";
import type { BundleContent } from "./mail/bundle-content.ts";

const mostEntries = 100;
const severity = ["DOWN", "CRITICAL", "UNREACHABLE", "UNKNOWN", "STALE", "WARNING"];

/** One object of a bundle: its last message, and whether it was a problem that is over. */
export interface SummarisedObject extends BundleMember {
  readonly isOver: boolean;
}

/** The objects of a bundle's messages, each once with its last message, the worst first. Pure. */
export function summariseObjects(members: readonly BundleMember[]): SummarisedObject[] {
  const objects = new Map<string, SummarisedObject>();
  for (const member of members) {
    const key = member.serviceId === null ? `h${member.hostId}` : `s${member.serviceId}`;
    const before = objects.get(key);
    const wasBad = before !== undefined && (isBad(before.state) || before.isOver);
    objects.set(key, { ...member, isOver: wasBad && !isBad(member.state) });
  }
  return [...objects.values()].sort((a, b) => rankOf(a.state) - rankOf(b.state) || a.id - b.id);
}

/** The objects whose output a summary shows. Pure. */
export function shownObjects(objects: readonly SummarisedObject[]): readonly SummarisedObject[] {
  return objects.slice(0, mostEntries);
}

/** What the one message of a bundle says; `outputs` by the members' ids. Pure. */
export function summariseBundle(
  bundle: DueBundle,
  members: readonly BundleMember[],
  outputs: ReadonlyMap<number, string>,
): BundleContent {
  const objects = summariseObjects(members);
  const counts = Map.groupBy(objects, ({ state }) => state);
  return {
    type: bundle.kind,
    contactName: bundle.contactName,
    ruleName: bundle.ruleName,
    label: bundle.label,
    messageCount: members.length,
    objectCount: objects.length,
    counts: [...counts].map(([state, list]) => ({ state, count: list.length })),
    entries: shownObjects(objects).map((object) => ({
      hostId: object.hostId,
      hostName: object.hostName,
      serviceId: object.serviceId,
      serviceName: object.serviceName,
      type: object.type,
      state: object.state,
      output: (outputs.get(object.id) ?? "").slice(0, 200).toWellFormed(),
      atMs: object.createdAtMs,
      isOver: object.isOver,
    })),
    fromMs: members[0]?.createdAtMs ?? 0,
    untilMs: members.at(-1)?.createdAtMs ?? 0,
  };
}

function rankOf(state: string): number {
  const rank = severity.indexOf(state);
  return rank < 0 ? severity.length : rank;
}
