import { type CookieSecrets, checkCookie } from "../cookie/index.ts";
import { findZone, isInMissingZone } from "../lookup/index.ts";
import { flagBits, resultCodes } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import type { RateDecision, RateLimiter, ResponseClass } from "../rate-limit/index.ts";
import { recordTypes } from "../record/index.ts";
import type { Zone } from "../zone/index.ts";
import {
  AnswerCache,
  arrange,
  type CachedAnswer,
  type Tail,
  tailOf,
  type VersionedZoneSet,
  writeTail,
} from "./answer-cache.ts";
import { classOf, cutShort, summarize } from "./answer-summary.ts";
import { expireOption, optionCodes, udpPayloadSize } from "./edns-reply.ts";
import { PlainQuery, returnedFlags } from "./parse-query.ts";
import { respond } from "./respond.ts";
import type { PolicySource } from "./zone-policy.ts";

/** What a responder needs. */
export interface ResponderOptions {
  readonly zones: VersionedZoneSet;
  /** What the server calls itself to whoever asks by NSID (RFC 5001); null: it does not. */
  readonly nsid: Buffer | null;
  readonly cookieSecrets: CookieSecrets;
  readonly rateLimiter: RateLimiter;
  /** Questions whose answers are kept ready. */
  readonly cachedAnswers: number;
  /** Left out: all zones are open. */
  readonly policies?: PolicySource;
  /** From 0 to below 1: draws records by weight. */
  readonly random?: () => number;
  /** Told of each query; has to be quick. `name` in lower case. */
  readonly onAnswered?: (name: string, type: number, rcode: number, zone: Zone | undefined, isSent: boolean) => void;
}

/** Where a query came from, and how. */
export interface Arrival {
  /** 4 or 16 octets. */
  readonly address: Uint8Array;
  /** TCP or TLS. */
  readonly isStream: boolean;
  readonly nowMs: number;
  /** Whose signature held. */
  readonly key?: DomainName | undefined;
  /** Octets that something else takes behind the answer. */
  readonly reservedOctets?: number;
  /** Whether the rate of answers to it is not limited. */
  readonly isExempt?: boolean;
}

const smallestUdpPayload = 512;
const largestMessage = 65_535;
const optOctets = 11;

/** Answers ordinary queries from what is kept ready, and everything else the long way. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #cache: AnswerCache;
  readonly #query = new PlainQuery();
  readonly #random: () => number;
  #rotation = 0;

  constructor(options: ResponderOptions) {
    this.#options = options;
    this.#random = options.random ?? (() => 0);
    this.#cache = new AnswerCache(options.cachedAnswers);
  }

  /** The answer to a packet, in memory of its own; undefined where there is none. */
  respond(octets: Buffer, arrival: Arrival): Buffer | undefined {
    return this.#query.parse(octets) ? this.#answer(octets, arrival) : this.respondOther(octets, arrival);
  }

  /** As `respond`, for ordinary queries alone; null for everything else. */
  respondOrdinary(octets: Buffer, arrival: Arrival): Buffer | undefined | null {
    return this.#query.parse(octets) ? this.#answer(octets, arrival) : null;
  }

  /** Whether a packet is an ordinary query for a name outside of all zones. */
  isOutside(octets: Buffer): boolean {
    const { zones } = this.#options;
    const query = this.#query;
    if (!query.parse(octets)) return false;
    const name = query.name as DomainName;
    return findZone(zones, name, query.type) === undefined && !isInMissingZone(zones, name);
  }

  #answer(octets: Buffer, arrival: Arrival): Buffer | undefined {
    const { zones, policies } = this.#options;
    const query = this.#query;
    const { type, wantsDnssec } = query;
    const key = query.key + (wantsDnssec ? "D" : "");
    const name = query.name as DomainName;
    const cookie = this.#checkCookie(octets, arrival);
    if (cookie?.kind === "malformed") return compose(octets, query, { ...empty, flags: resultCodes.FORMERR }, "");
    const answer = this.#cache.find(key, zones) ?? this.#cache.make(key, { name, type, wantsDnssec }, zones, policies);
    const { policy } = answer;
    const isAllowed = policy === undefined || policy.isOpen || policy.mayQuery(arrival.address, arrival.key);
    const decision = cookie?.kind === "proven" ? "send" : this.#limit(answer, isAllowed, name, arrival);
    const rcode = isAllowed ? answer.lookup.rcode : resultCodes.REFUSED;
    this.#note(name, type, rcode, answer, decision === "send");
    if (decision === "drop") return undefined;
    const options = this.#optionsFor(cookie?.reply);
    if (decision === "slip") return compose(octets, query, { ...empty, flags: flagBits.TC }, options);
    if (!isAllowed) return compose(octets, query, { ...empty, flags: resultCodes.REFUSED }, options);
    const expire = query.wantsExpire ? expireOf(answer, name, type, arrival.nowMs) : "";
    return this.#compose(octets, answer, name, options + expire, arrival);
  }

  #compose(octets: Buffer, answer: CachedAnswer, name: DomainName, options: string, arrival: Arrival): Buffer {
    const query = this.#query;
    this.#rotation = (this.#rotation + 1) & 0xffff;
    const tail = tailOf(answer, name, query.type, this.#rotation, this.#random);
    const room = this.#limitOf(arrival) - (query.hasEdns ? optOctets + options.length : 0);
    if (query.end + tail.octets.length <= room) return compose(octets, query, tail, options);
    const first = answer.weighted === undefined ? this.#rotation % answer.tails.length : 0;
    return compose(octets, query, writeTail(arrange(answer, this.#random), name, query.type, first, room), options);
  }

  #note(name: string, type: number, rcode: number, { policy, lookup }: CachedAnswer, isSent: boolean): void {
    if (policy !== undefined) policy.queries += 1;
    this.#options.onAnswered?.(name, type, rcode, lookup.zone, isSent);
  }

  /** What is no ordinary query, but still a question. Everything that is sent by UDP counts against the rate. */
  respondOther(octets: Buffer, arrival: Arrival): Buffer | undefined {
    const { zones, nsid, cookieSecrets, policies } = this.#options;
    this.#rotation = (this.#rotation + 1) & 0xffff;
    const sources = { zones, nsid, cookieSecrets, ...(policies === undefined ? {} : { policies }) };
    const answer = respond(octets, sources, { ...arrival, rotation: this.#rotation, random: this.#random });
    if (answer === undefined) return undefined;
    const { name, type, rcode, end } = summarize(answer);
    const responseClass = classOf(rcode);
    const about = responseClass === "response" ? name : "";
    const decision = this.#decide(responseClass, about, arrival);
    this.#options.onAnswered?.(name, type, rcode, undefined, decision === "send");
    if (decision === "drop") return undefined;
    return decision === "slip" ? cutShort(answer, end) : Buffer.from(answer);
  }

  #limitOf({ isStream, reservedOctets = 0 }: Arrival): number {
    const { hasEdns, udpPayloadSize: asked } = this.#query;
    if (isStream) return largestMessage - reservedOctets;
    const most = hasEdns ? Math.min(Math.max(smallestUdpPayload, asked), udpPayloadSize) : smallestUdpPayload;
    return most - reservedOctets;
  }

  #checkCookie(octets: Buffer, { address, nowMs }: Arrival): ReturnType<typeof checkCookie> | undefined {
    const { cookieAt, cookieOctets } = this.#query;
    if (cookieAt < 0) return undefined;
    const option = octets.subarray(cookieAt, cookieAt + cookieOctets);
    return checkCookie(option, address, this.#options.cookieSecrets, Math.floor(nowMs / 1000));
  }

  #limit(answer: CachedAnswer, isAllowed: boolean, name: DomainName, arrival: Arrival): RateDecision {
    const { kind, zone } = answer.lookup;
    if (!isAllowed || kind === "refused" || kind === "unavailable") return this.#decide("error", "", arrival);
    return kind === "name error"
      ? this.#decide("nxdomain", zone?.apex ?? "", arrival)
      : this.#decide("response", name, arrival);
  }

  #decide(responseClass: ResponseClass, about: string, arrival: Arrival): RateDecision {
    const { rateLimiter } = this.#options;
    const { address, isStream, isExempt, nowMs } = arrival;
    if (isStream || isExempt === true || !rateLimiter.isActive) return "send";
    return rateLimiter.decide(address, responseClass, about, nowMs);
  }

  /** The options of the answer's OPT record, as octets. */
  #optionsFor(cookie: Buffer | undefined): string {
    const { nsid } = this.#options;
    let options = "";
    if (cookie !== undefined) options += option(optionCodes.COOKIE, cookie);
    if (this.#query.wantsNsid && nsid !== null) options += option(optionCodes.NSID, nsid);
    return options;
  }
}

const empty: Tail = { flags: 0, counts: Buffer.alloc(6), octets: Buffer.alloc(0) };

/** To who asks for the SOA record of a zone, for how long it holds. */
function expireOf({ lookup, policy }: CachedAnswer, name: DomainName, type: number, nowMs: number): string {
  if (type !== recordTypes.SOA || lookup.zone?.apex !== name || !lookup.isAuthoritative) return "";
  const seconds = policy?.expireSeconds(nowMs);
  return seconds === undefined ? "" : option(optionCodes.EXPIRE, expireOption(seconds).data);
}

function option(code: number, data: Buffer): string {
  return String.fromCharCode(code >> 8, code & 255, data.length >> 8, data.length & 255) + data.toString("latin1");
}

/** Header and question as they came, with the letters they came in (0x20), the tail, and an OPT record where there was one. */
function compose(octets: Buffer, query: PlainQuery, tail: Tail, options: string): Buffer {
  const tailAt = query.end;
  const ednsAt = tailAt + tail.octets.length;
  const length = query.hasEdns ? ednsAt + optOctets + options.length : ednsAt;
  const answer = Buffer.allocUnsafe(length);
  octets.copy(answer, 0, 0, tailAt);
  answer.writeUInt16BE(flagBits.QR | (octets.readUInt16BE(2) & returnedFlags) | tail.flags, 2);
  tail.counts.copy(answer, 6);
  tail.octets.copy(answer, tailAt);
  if (!query.hasEdns) return answer;
  answer.writeUInt16BE(answer.readUInt16BE(10) + 1, 10);
  answer[ednsAt] = 0;
  answer.writeUInt16BE(41, ednsAt + 1);
  answer.writeUInt16BE(udpPayloadSize, ednsAt + 3);
  answer.writeUInt16BE(0, ednsAt + 5);
  answer.writeUInt16BE(query.wantsDnssec ? 0x8000 : 0, ednsAt + 7);
  answer.writeUInt16BE(options.length, ednsAt + 9);
  if (options !== "") answer.write(options, ednsAt + optOctets, "latin1");
  return answer;
}
