import { nameOfOid } from "./standard-names.ts";

/** Why a device could not be asked. `time-out` and `engine` may be gone the next time, the others will not by themselves. */
export type SnmpFailure =
  /** Nobody answered: gone, another port, a filter between, or a wrong community, which devices do not answer. */
  | "time-out"
  | "unreachable"
  | "wrong-key"
  | "unknown-user"
  /** The device wants more security than was offered. */
  | "security-level"
  | "not-allowed"
  /** Its engine began anew, and another attempt did not help. */
  | "engine"
  | "device-error"
  /** What came is no answer to what was asked. */
  | "bad-answer"
  /** A walk was longer than it may be. */
  | "limit";

/** Names the device, the object and what was expected. */
export class SnmpError extends Error {
  override readonly name = "SnmpError";
  readonly code = "MYCLOUD_SNMP_FAILED";
  readonly failure: SnmpFailure;
  /** `192.0.2.1 port 161`. */
  readonly place: string;
  readonly oid: string | undefined;

  constructor(failure: SnmpFailure, place: string, oid: string | undefined, reason: string, cause?: unknown) {
    super(`${place}${oid === undefined ? "" : `, ${describeOid(oid)}`}: ${reason}`, { cause });
    this.failure = failure;
    this.place = place;
    this.oid = oid;
  }

  /** Whether asking again may help. */
  get isRetriable(): boolean {
    return this.failure === "time-out" || this.failure === "unreachable" || this.failure === "engine";
  }
}

/** `ifDescr.2 (1.3.6.1.2.1.2.2.1.2.2)`. Pure. */
export function describeOid(oid: string): string {
  const name = nameOfOid(oid);
  return name === oid ? oid : `${name} (${oid})`;
}
