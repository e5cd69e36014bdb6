import { type Lookup, type LookupKind, lookUp, type Question, type ZoneSet } from "../lookup/index.ts";
import { classes, flagBits, headerOctets, MessageWriter } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";
import { drawByWeight, pickByWeight, rotated, type WeightedPlace, weightedPlace, withRecords } from "./weighting.ts";
import { writeLookup } from "./write-lookup.ts";
import type { PolicySource, ZonePolicy } from "./zone-policy.ts";

/** Zones whose set can be seen to change. */
export interface VersionedZoneSet extends ZoneSet {
  /** Rises when a zone comes, goes or is replaced. */
  readonly version: number;
}

/** What follows the question in an answer, ready to be sent. Compressed names in it point into the question, which is as long for all who ask the same. */
export interface Tail {
  /** Flags and result code, without QR and what the query's own flags give. */
  readonly flags: number;
  /** How many records the three sections have, as in the header. */
  readonly counts: Buffer;
  readonly octets: Buffer;
}

/** What a question is answered with, as long as its zone stands. */
export interface CachedAnswer {
  readonly lookup: Lookup;
  readonly zoneVersion: number;
  readonly setVersion: number;
  readonly policy: ZonePolicy | undefined;
  readonly weighted: WeightedPlace | undefined;
  /** One for each record that a list may begin with. */
  readonly tails: (Tail | undefined)[];
}

/** Lists are rotated over so many beginnings. */
const maximumTails = 8;
/** Those of weighted RRsets cannot be left out, but written each time. */
const maximumWeightedTails = 64;
/** Longer answers are written each time. */
const maximumTailOctets = 4_096;
const questionScratch = Buffer.alloc(65_535);

/**
 * Answers that were worked out, by question. Two generations: when the younger is full the older goes, so that what is asked again stays and a flood of
 * names that are asked once costs no more than the memory of two.
 */
export class AnswerCache {
  readonly #maximum: number;
  /** Of names that do not exist, by zone and length of the name: all of the same length are told the same. */
  readonly #negatives = new Map<string, CachedAnswer>();
  #young = new Map<string, CachedAnswer>();
  #old = new Map<string, CachedAnswer>();

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** `key`: name in lower case, type, and whether DNSSEC is wanted. */
  find(key: string, zones: VersionedZoneSet): CachedAnswer | undefined {
    const young = this.#young.get(key);
    const found = young ?? this.#old.get(key);
    if (found === undefined || !isCurrent(found, zones)) return undefined;
    if (young === undefined) this.#put(key, found);
    return found;
  }

  /** Works an answer out, and keeps it unless there is no such name: those are too many. */
  make(
    key: string,
    { name, type, wantsDnssec }: Question,
    zones: VersionedZoneSet,
    policies?: PolicySource,
  ): CachedAnswer {
    const lookup = lookUp(zones, { name, type, wantsDnssec });
    const rotations = Math.min(maximumTails, Math.max(1, ...lookup.answer.map(({ rrset }) => rrset.rdatas.length)));
    const policy = lookup.zone === undefined ? undefined : policies?.policyOf(lookup.zone);
    const weighted = policy === undefined ? undefined : weightedPlace(lookup, policy);
    const made: CachedAnswer = {
      lookup,
      zoneVersion: lookup.zone?.version ?? 0,
      setVersion: zones.version,
      policy,
      weighted,
      tails: new Array<Tail | undefined>(weighted?.weights.length ?? rotations).fill(undefined),
    };
    if (lookup.kind === "name error" && lookup.answer.length === 0 && !wantsDnssec)
      return this.#share(made, name, zones);
    if (isKept(lookup.kind)) this.#put(key, made);
    return made;
  }

  /** A flood of names that do not exist is answered from one tail for each length of a name. */
  #share(made: CachedAnswer, name: DomainName, zones: VersionedZoneSet): CachedAnswer {
    const apex = made.lookup.zone?.apex ?? name;
    const key = `${name.length} ${apex}`;
    const known = this.#negatives.get(key);
    if (known !== undefined && isCurrent(known, zones)) return { ...made, tails: known.tails };
    if (this.#negatives.size >= this.#maximum) this.#negatives.clear();
    // Nothing but the zone's own name is in common with every other name of that length, so only that is pointed at.
    made.tails[0] = writeTail(made.lookup, standIn(name.length, apex), recordTypes.A, 0, questionScratch.length);
    this.#negatives.set(key, made);
    return made;
  }

  #put(key: string, answer: CachedAnswer): void {
    if (this.#young.size >= this.#maximum) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, answer);
  }
}

/** What does not exist, or is not ours, has too many names. */
function isKept(kind: LookupKind): boolean {
  return kind !== "name error" && kind !== "refused" && kind !== "unavailable";
}

/** A name below `apex` of so many octets whose labels nothing else has. */
function standIn(octets: number, apex: DomainName): DomainName {
  let labels = "";
  for (let left = octets - apex.length; left > 0; ) {
    // No label is empty: what is left over takes at least two octets.
    const taken = Math.min(left === 65 ? 63 : 64, left);
    labels += String.fromCharCode(taken - 1) + "\0".repeat(taken - 1);
    left -= taken;
  }
  return (labels + apex) as DomainName;
}

function isCurrent({ lookup, zoneVersion, setVersion }: CachedAnswer, zones: VersionedZoneSet): boolean {
  const zone: Zone | undefined = lookup.zone;
  return setVersion === zones.version && (zone === undefined || zone.version === zoneVersion);
}

/** The tail of an answer whose lists begin with each record in its turn (`rotation`), or by weight. `random` from 0 to below 1. */
export function tailOf(
  answer: CachedAnswer,
  name: DomainName,
  type: number,
  rotation: number,
  random: () => number,
): Tail {
  const { tails, weighted } = answer;
  if (weighted !== undefined && isDrawn(weighted)) {
    return writeTail(arrange(answer, random), name, type, 0, questionScratch.length);
  }
  const at = weighted === undefined ? rotation % tails.length : pickByWeight(weighted.weights, random());
  const known = tails[at];
  if (known !== undefined) return known;
  const lookup = weighted === undefined ? answer.lookup : beginningWith(answer.lookup, weighted, at);
  const tail = writeTail(lookup, name, type, weighted === undefined ? at : 0, questionScratch.length);
  if (at < maximumWeightedTails && tail.octets.length <= maximumTailOctets) tails[at] = tail;
  return tail;
}

/** An answer's lookup with its records as they are handed out this time. */
export function arrange({ lookup, weighted }: Pick<CachedAnswer, "lookup" | "weighted">, random: () => number): Lookup {
  if (weighted === undefined) return lookup;
  if (isDrawn(weighted)) {
    return withRecords(lookup, weighted.at, drawByWeight(weighted.weights, weighted.answers ?? 1, random));
  }
  return beginningWith(lookup, weighted, pickByWeight(weighted.weights, random()));
}

/** Whether some of the records are handed out, in any order: too many answers to be kept. */
function isDrawn({ answers }: WeightedPlace): boolean {
  return answers !== null && answers > 1;
}

function beginningWith(lookup: Lookup, { at, weights, answers }: WeightedPlace, chosen: number): Lookup {
  return withRecords(lookup, at, answers === 1 ? [chosen] : rotated(weights.length, chosen));
}

/** Writes what follows the question, in at most `limit` octets for the whole message; cut short where that is too little. */
export function writeTail(lookup: Lookup, name: DomainName, type: number, first: number, limit: number): Tail {
  const writer = new MessageWriter(questionScratch, limit);
  writer.addQuestion({ name, type, class: classes.IN });
  const start = writer.length;
  writeLookup(writer, lookup, first);
  const octets = writer.finish();
  const isAuthoritative = lookup.isAuthoritative && lookup.kind !== "refused";
  return {
    flags: (octets.readUInt16BE(2) & flagBits.TC) | (isAuthoritative ? flagBits.AA : 0) | lookup.rcode,
    counts: Buffer.from(octets.subarray(6, headerOctets)),
    octets: Buffer.from(octets.subarray(start)),
  };
}
