import { type CookieSecrets, checkCookie } from "../cookie/index.ts";
import { flagBits, resultCodes } from "../message/index.ts";
import type { DomainName } from "../name/index.ts";
import type { RateLimiter, ResponseClass } from "../rate-limit/index.ts";
import { AnswerCache, type CachedAnswer, type Tail, tailOf, type VersionedZoneSet, writeTail } from "./answer-cache.ts";
import { optionCodes, udpPayloadSize } from "./edns-reply.ts";
import { PlainQuery, returnedFlags } from "./parse-query.ts";
import { respond } from "./respond.ts";

/** What a responder needs. */
export interface ResponderOptions {
  readonly zones: VersionedZoneSet;
  /** What the server calls itself to whoever asks by NSID (RFC 5001); null: it does not. */
  readonly nsid: Buffer | null;
  readonly cookieSecrets: CookieSecrets;
  readonly rateLimiter: RateLimiter;
  /** Questions whose answers are kept ready. */
  readonly cachedAnswers: number;
}

/** Where a query came from, and how. */
export interface Arrival {
  /** 4 or 16 octets. */
  readonly address: Uint8Array;
  /** TCP or TLS. */
  readonly isStream: boolean;
  readonly nowMs: number;
}

const smallestUdpPayload = 512;
const largestMessage = 65_535;
const optOctets = 11;

/** Answers ordinary queries from what is kept ready, and everything else the long way. */
export class Responder {
  readonly #options: ResponderOptions;
  readonly #cache: AnswerCache;
  readonly #query = new PlainQuery();
  #rotation = 0;

  constructor(options: ResponderOptions) {
    this.#options = options;
    this.#cache = new AnswerCache(options.cachedAnswers);
  }

  /** The answer to a packet, in memory of its own; undefined where there is none. */
  respond(octets: Buffer, arrival: Arrival): Buffer | undefined {
    const query = this.#query;
    if (!query.parse(octets)) {
      const { zones, nsid } = this.#options;
      this.#rotation = (this.#rotation + 1) & 0xffff;
      const { isStream } = arrival;
      const answer = respond(octets, { zones, nsid }, { isStream, rotation: this.#rotation });
      return answer === undefined ? undefined : Buffer.from(answer);
    }
    return this.#answer(octets, arrival);
  }

  #answer(octets: Buffer, arrival: Arrival): Buffer | undefined {
    const { zones } = this.#options;
    const query = this.#query;
    const key = query.key + (query.wantsDnssec ? "D" : "");
    const name = query.name as DomainName;
    const cookie = this.#checkCookie(octets, arrival);
    if (cookie?.kind === "malformed") return compose(octets, query, { ...empty, flags: resultCodes.FORMERR }, "");
    const answer = this.#cache.find(key, zones) ?? this.#cache.make(key, name, query.type, query.wantsDnssec, zones);
    const decision = cookie?.kind === "proven" ? "send" : this.#limit(answer, name, arrival);
    if (decision === "drop") return undefined;
    const options = this.#optionsFor(cookie?.reply);
    if (decision === "slip") return compose(octets, query, { ...empty, flags: flagBits.TC }, options);
    this.#rotation = (this.#rotation + 1) & 0xffff;
    const tail = tailOf(answer, name, query.type, this.#rotation);
    const room = this.#limitOf(arrival) - (query.hasEdns ? optOctets + options.length : 0);
    if (query.end + tail.octets.length <= room) return compose(octets, query, tail, options);
    const cut = writeTail(answer.lookup, name, query.type, this.#rotation % answer.tails.length, room);
    return compose(octets, query, cut, options);
  }

  #limitOf({ isStream }: Arrival): number {
    const { hasEdns, udpPayloadSize: asked } = this.#query;
    if (isStream) return largestMessage;
    return hasEdns ? Math.min(Math.max(smallestUdpPayload, asked), udpPayloadSize) : smallestUdpPayload;
  }

  #checkCookie(octets: Buffer, { address, nowMs }: Arrival): ReturnType<typeof checkCookie> | undefined {
    const { cookieAt, cookieOctets } = this.#query;
    if (cookieAt < 0) return undefined;
    const option = octets.subarray(cookieAt, cookieAt + cookieOctets);
    return checkCookie(option, address, this.#options.cookieSecrets, Math.floor(nowMs / 1000));
  }

  #limit(answer: CachedAnswer, name: string, { address, isStream, nowMs }: Arrival): "send" | "slip" | "drop" {
    const { rateLimiter } = this.#options;
    if (isStream || !rateLimiter.isActive) return "send";
    const { kind, zone } = answer.lookup;
    const responseClass: ResponseClass = kind === "name error" ? "nxdomain" : kind === "refused" ? "error" : "response";
    const about = kind === "name error" ? (zone?.apex ?? "") : kind === "refused" ? "" : name;
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
