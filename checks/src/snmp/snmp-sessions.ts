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

/**
 * Sessions by device and credential, shared by all that ask: what version 3 has to find out of a device is found once. Close it at the end. `now` is
 * a clock that is never set back.
 */
export class SnmpSessions {
  readonly #limits: SnmpLimits;
  readonly #now: () => number;
  readonly #all: RequestGate;
  readonly #sessions = new Map<string, SnmpSession>();
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
    if (known !== undefined) {
      // Last in the map is used last.
      this.#sessions.delete(key);
      this.#sessions.set(key, known);
      return known;
    }
    const { concurrentPerDevice, perSecondPerDevice, sessions } = this.#limits;
    const own = new RequestGate({ concurrent: concurrentPerDevice, perSecond: perSecondPerDevice }, this.#now);
    const onGarbage = (): void => {
      this.garbage++;
    };
    const session = new SnmpSession(target, { gates: [own, this.#all], onGarbage });
    this.#sessions.set(key, session);
    for (const [oldest, unused] of this.#sessions) {
      if (this.#sessions.size <= sessions) break;
      this.#sessions.delete(oldest);
      unused.close();
    }
    return session;
  }

  close(): void {
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }
}
