/** How many like responses a network gets; the words are BIND's (response-rate limiting). */
export interface RateLimitSettings {
  /** Answers with the same name and type to the same network. 0: no limit. */
  readonly responsesPerSecond: number;
  /** NXDOMAIN of the same zone. */
  readonly nxdomainsPerSecond: number;
  /** FORMERR, REFUSED and their like. */
  readonly errorsPerSecond: number;
  /** How long a flood counts on after it has ended. */
  readonly windowSeconds: number;
  /** Each so many-th of what is held back is sent cut short (TC), so that whoever is there asks again by TCP. 0: none. */
  readonly slip: number;
  /** Leading bits of an address that make a network. */
  readonly ipv4PrefixLength: number;
  readonly ipv6PrefixLength: number;
}

export const defaultRateLimits: RateLimitSettings = {
  responsesPerSecond: 0,
  nxdomainsPerSecond: 0,
  errorsPerSecond: 0,
  windowSeconds: 15,
  slip: 2,
  ipv4PrefixLength: 24,
  ipv6PrefixLength: 56,
};

export type ResponseClass = "response" | "nxdomain" | "error";
export type RateDecision = "send" | "slip" | "drop";

/** Accounts, at 20 octets each. Two that fall together share one, which at worst limits one of them early. */
const accountCount = 2 ** 16;
/** Balances are counted in thousandths of a response. */
const unit = 1_000;

/**
 * Response-rate limiting: an account for each (network, class, name), into which its rate is paid and from which each response is taken. Its memory is
 * fixed, whatever comes. `seed` is secret, so that nobody makes others' accounts fall together.
 */
export class RateLimiter {
  readonly #settings: RateLimitSettings;
  readonly #seed: number;
  readonly #owners = new Uint32Array(accountCount);
  readonly #balances = new Float64Array(accountCount);
  readonly #paidAt = new Float64Array(accountCount);
  readonly #startMs: number;
  #held = 0;

  constructor(settings: RateLimitSettings, seed: number, nowMs: number) {
    this.#settings = settings;
    this.#seed = seed | 0;
    this.#startMs = nowMs;
  }

  /** Whether anything is limited at all. */
  get isActive(): boolean {
    const { responsesPerSecond, nxdomainsPerSecond, errorsPerSecond } = this.#settings;
    return responsesPerSecond + nxdomainsPerSecond + errorsPerSecond > 0;
  }

  /** `address`: 4 or 16 octets. `name`: what the response is about, in lower case: the name and type, of NXDOMAIN the zone, of errors nothing. */
  decide(address: Uint8Array, kind: ResponseClass, name: string, nowMs: number): RateDecision {
    const rate = this.#rateOf(kind);
    if (rate === 0) return "send";
    const owner = this.#hash(address, kind, name);
    const at = owner & (accountCount - 1);
    const elapsedMs = Math.max(0, Math.round(nowMs - this.#startMs));
    const limit = rate * unit;
    let balance = limit;
    if (this.#owners[at] === owner) {
      const sinceMs = elapsedMs - (this.#paidAt[at] ?? 0);
      balance = Math.min(limit, (this.#balances[at] ?? 0) + sinceMs * rate);
    }
    balance = Math.max(balance - unit, -limit * this.#settings.windowSeconds);
    this.#owners[at] = owner;
    this.#balances[at] = balance;
    this.#paidAt[at] = elapsedMs;
    if (balance >= 0) return "send";
    this.#held += 1;
    return this.#settings.slip > 0 && this.#held % this.#settings.slip === 0 ? "slip" : "drop";
  }

  #rateOf(kind: ResponseClass): number {
    if (kind === "response") return this.#settings.responsesPerSecond;
    return kind === "nxdomain" ? this.#settings.nxdomainsPerSecond : this.#settings.errorsPerSecond;
  }

  /** FNV-1a over the network, the class and the name. */
  #hash(address: Uint8Array, kind: ResponseClass, name: string): number {
    const prefix = address.length === 4 ? this.#settings.ipv4PrefixLength : this.#settings.ipv6PrefixLength;
    let hash = Math.imul(this.#seed ^ kind.charCodeAt(0), 0x01000193);
    for (let at = 0; at * 8 < prefix; at += 1) {
      const bits = Math.min(8, prefix - at * 8);
      hash = Math.imul(hash ^ ((address[at] ?? 0) >> (8 - bits)), 0x01000193);
    }
    for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
    // 0 is an account that nobody has.
    return hash >>> 0 || 1;
  }
}
