import type { RrsetRecord } from "@mycloud/protocol/dns-zone";

/** What decides which records of an RRset are published. */
export interface BoundRrset {
  readonly records: readonly RrsetRecord[];
  readonly minimumAnswers: number;
}

/** Whether a record may be handed out, as the state of its service says. */
export type IsIn = (record: RrsetRecord) => boolean;

/** Every record is in: what a zone publishes as long as nobody says how services are. */
export const everyRecord: IsIn = () => true;

/**
 * The records of an RRset that are published: those that are in, of the lowest tier of which at least `minimumAnswers` are; when there is no such tier,
 * those of all tiers; with fewer of these than `minimumAnswers`, all records (a service that says no about everything is wrong more often than everything is
 * down). Pure: bindings are applied here and nowhere else.
 */
export function chooseRecords<Bound extends BoundRrset>(rrset: Bound, isIn: IsIn): readonly RrsetRecord[] {
  const { records, minimumAnswers } = rrset;
  const inside = records.filter(isIn);
  const floor = Math.min(minimumAnswers, records.length);
  const tiers = [...new Set(records.map(tierOf))].toSorted((a, b) => a - b);
  for (const tier of tiers) {
    const ofTier = inside.filter((record) => tierOf(record) === tier);
    const wanted = Math.min(floor, records.filter((record) => tierOf(record) === tier).length);
    if (ofTier.length > 0 && ofTier.length >= wanted) return ofTier;
  }
  return inside.length >= floor ? inside : records;
}

function tierOf({ tier }: RrsetRecord): number {
  return tier ?? 0;
}

/** What is stored as published: null where that is everything. */
export function publishedOf<Bound extends BoundRrset>(rrset: Bound, isIn: IsIn): string[] | null {
  const chosen = chooseRecords(rrset, isIn);
  return chosen.length === rrset.records.length ? null : chosen.map(({ data }) => data);
}

/** Whoever remembers an answer for longer does not notice that a record left it. */
const maximumHealthTtlSeconds = 60;

/** The TTL that an RRset is published with: of one that follows the health of services at most a minute. */
export function publishedTtl(ttlSeconds: number, records: readonly RrsetRecord[]): number {
  const followsHealth = records.some(({ service }) => service !== undefined);
  return followsHealth ? Math.min(ttlSeconds, maximumHealthTtlSeconds) : ttlSeconds;
}
