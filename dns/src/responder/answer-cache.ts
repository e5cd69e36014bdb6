import { type Lookup, lookUp, type ZoneSet } from "../lookup/index.ts";
import { classes, flagBits, headerOctets, MessageWriter } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";
import { writeLookup } from "./write-lookup.ts";

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
  /** One for each record that a list may begin with. */
  readonly tails: (Tail | undefined)[];
}

/** Lists are rotated over so many beginnings. */
const maximumTails = 8;
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
  make(key: string, name: DomainName, type: number, wantsDnssec: boolean, zones: VersionedZoneSet): CachedAnswer {
    const lookup = lookUp(zones, { name, type, wantsDnssec });
    const rotations = Math.min(maximumTails, Math.max(1, ...lookup.answer.map(({ rrset }) => rrset.rdatas.length)));
    const made: CachedAnswer = {
      lookup,
      zoneVersion: lookup.zone?.version ?? 0,
      setVersion: zones.version,
      tails: new Array<Tail | undefined>(rotations).fill(undefined),
    };
    if (lookup.kind === "name error" && lookup.answer.length === 0 && !wantsDnssec)
      return this.#share(made, name, zones);
    if (lookup.kind !== "name error" && lookup.kind !== "refused") this.#put(key, made);
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

/** The tail of an answer whose lists begin at `rotation`. */
export function tailOf(answer: CachedAnswer, name: DomainName, type: number, rotation: number): Tail {
  const at = rotation % answer.tails.length;
  const known = answer.tails[at];
  if (known !== undefined) return known;
  const tail = writeTail(answer.lookup, name, type, at, questionScratch.length);
  if (tail.octets.length <= maximumTailOctets) answer.tails[at] = tail;
  return tail;
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
