import { createHash } from "node:crypto";

/** How much later than its schedule says this host begins, in ms: always the same, and spread evenly over hosts. Pure. */
export function splayMs(splaySeconds: number, hostName: string, policyName: string): number {
  const digest = createHash("sha256").update(`${hostName}\0${policyName}`).digest();
  return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * splaySeconds * 1000);
}
