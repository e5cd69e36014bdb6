import { createHash } from "node:crypto";
import type { SnmpSecurity } from "@mycloud/protocol/snmp";

/** A device and how it is asked. */
export interface SnmpTarget {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** 0: whichever the name has. */
  readonly family: 0 | 4 | 6;
  readonly security: SnmpSecurity;
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
}

/** How a target is called in messages: `192.0.2.1 port 161`. Pure. */
export function placeOf({ host, port }: Pick<SnmpTarget, "host" | "port">): string {
  return `${host} port ${port}`;
}

/** What tells two targets apart, without anything secret in it. Pure. */
export function targetKey(target: SnmpTarget): string {
  return createHash("sha256").update(JSON.stringify(target)).digest("base64url");
}
