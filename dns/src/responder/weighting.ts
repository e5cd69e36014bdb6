import type { Lookup, SectionRrset } from "../lookup/index.ts";
import { lowerName } from "../name/index.ts";
import type { Octets } from "../record/index.ts";
import type { ZonePolicy } from "./zone-policy.ts";

/** How the records of an RRset are handed out. */
export interface Weighting {
  /** By record data; what is not in it weighs 1. */
  readonly weights: ReadonlyMap<Octets, number>;
  /** How many of them an answer has; null: all. */
  readonly answers: number | null;
}

/** An RRset of a lookup's answer that is handed out by weight. */
export interface WeightedPlace {
  /** Its place in the answer. */
  readonly at: number;
  /** Of its records, in their order. */
  readonly weights: readonly number[];
  readonly answers: number | null;
}

/** The weighted RRset of a lookup's answer: the last one, which is what was asked for. Undefined where its records are all alike. */
export function weightedPlace({ answer, wildcard }: Lookup, policy: ZonePolicy): WeightedPlace | undefined {
  const at = answer.findLastIndex(({ rrset }) => rrset.rdatas.length > 1);
  const place = answer[at];
  if (place === undefined) return undefined;
  const { owner, rrset } = place;
  const weighting =
    policy.weightingOf(lowerName(owner), rrset.type) ??
    (wildcard === undefined ? undefined : policy.weightingOf(lowerName(wildcard), rrset.type));
  if (weighting === undefined) return undefined;
  // Without a part of an RRset its signature would not hold (RFC 4035 §2.2): of a signed zone all records are handed out.
  const isSigned = answer.some((each) => each.rrset.type === rrsigType);
  const weights = rrset.rdatas.map((rdata) => weighting.weights.get(rdata) ?? 1);
  const answers = isSigned ? null : weighting.answers;
  return { at, weights, answers: answers !== null && answers >= weights.length ? null : answers };
}

const rrsigType = 46;

/** Which record comes first: each as often as its weight says. Where all weights are 0, all alike. `random` from 0 to below 1. */
export function pickByWeight(weights: readonly number[], random: number): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return Math.floor(random * weights.length);
  let left = random * total;
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return index;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

/** So many different ones, each drawn by its weight from those that are left. One of weight 0 is drawn only where all are of weight 0. */
export function drawByWeight(weights: readonly number[], count: number, random: () => number): number[] {
  const left = [...weights.keys()];
  const drawn: number[] = [];
  const isAllZero = weights.every((weight) => weight === 0);
  while (drawn.length < count && left.length > 0) {
    const leftWeights = left.map((index) => weights[index] ?? 0);
    if (!isAllZero && leftWeights.every((weight) => weight === 0)) break;
    const at = pickByWeight(leftWeights, random());
    drawn.push(...left.splice(at, 1));
  }
  return drawn;
}

/** The lookup with nothing but such records in that RRset, in that order. */
export function withRecords(lookup: Lookup, at: number, records: readonly number[]): Lookup {
  const answer = lookup.answer.map((place, index): SectionRrset => {
    if (index !== at) return place;
    const { rrset } = place;
    return { ...place, rrset: { ...rrset, rdatas: records.map((record) => rrset.rdatas[record] ?? "") } };
  });
  return { ...lookup, answer };
}

/** All records, beginning with the one at `first`. */
export function rotated(count: number, first: number): number[] {
  return Array.from({ length: count }, (_, index) => (first + index) % count);
}
