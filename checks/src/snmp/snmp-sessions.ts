import { RequestGate } from "./request-gate.ts";
import { SnmpSession } from "./snmp-session.ts";
import { type SnmpTarget, targetKey } from "./snmp-target.ts";

/** Bounds that no number of checks exceeds. */
export interface SnmpLimits {
  /** Requests under way at one device. */
  readonly concurrentPerDevice: number;
  readonly concurrent: number;
  readonly perSecondPerDevice: number;
  readonly perSecond: number;
  /** Sessions kept, each with a socket; the one not used for longest goes. */
  readonly sessions: number;
}

const defaultLimits: SnmpLimits = {
  concurrentPerDevice: 4,
  concurrent: 64,
  perSecondPerDevice: 200,
  perSecond: 4_000,
  sessions: 500,
};
/** Longer than any check of a device usually waits for its next run. */
const unusedMs = 3_900_000;

/**
 * Sessions by device and credential, shared by all that ask: what version 3 has to find out of a device is found once. Close it at the end. `now` is
 * a clock that is never set back.
 */
export class SnmpSessions {
  readonly #limits: SnmpLimits;
  readonly #now: () => number;
  readonly #all: RequestGate;
  readonly #sessions = new Map<string, { readonly session: SnmpSession; readonly usedAtMs: number }>();
  /** Messages that could not be decoded, of all devices. */
  garbage = 0;

  constructor(now: () => number, limits: Partial<SnmpLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#now = now;
    this.#all = new RequestGate({ concurrent: this.#limits.concurrent, perSecond: this.#limits.perSecond }, now);
  }

  open(target: SnmpTarget): SnmpSession {
    const key = targetKey(target);
    const known = this.#sessions.get(key);
    const session = known?.session ?? this.#create(target);
    // Last in the map is used last.
    this.#sessions.delete(key);
    this.#sessions.set(key, { session, usedAtMs: this.#now() });
    this.#closeUnused();
    return session;
  }

  #create(target: SnmpTarget): SnmpSession {
    const { concurrentPerDevice, perSecondPerDevice } = this.#limits;
    const own = new RequestGate({ concurrent: concurrentPerDevice, perSecond: perSecondPerDevice }, this.#now);
    const onGarbage = (): void => {
      this.garbage++;
    };
    return new SnmpSession(target, { gates: [own, this.#all], onGarbage });
  }

  /** Those of devices that are not asked any more, or with another credential by now, and those over the bound. */
  #closeUnused(): void {
    for (const [key, { session, usedAtMs }] of this.#sessions) {
      const isUnused = this.#now() - usedAtMs > unusedMs;
      if (!isUnused && this.#sessions.size <= this.#limits.sessions) return;
      this.#sessions.delete(key);
      session.close();
    }
  }

  close(): void {
    for (const { session } of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }
}
