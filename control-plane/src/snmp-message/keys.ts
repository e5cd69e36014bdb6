import { createHash } from "node:crypto";
import type { SnmpAuthProtocol, SnmpPrivProtocol } from "@mycloud/protocol/snmp";

/** The hash behind each protocol, and how many octets of it sign a message (RFC 3414 §6 and §7, RFC 7860 §4). */
export const signing: Readonly<Record<SnmpAuthProtocol, { readonly hash: string; readonly octets: number }>> = {
  MD5: { hash: "md5", octets: 12 },
  SHA: { hash: "sha1", octets: 12 },
  "SHA-224": { hash: "sha224", octets: 16 },
  "SHA-256": { hash: "sha256", octets: 24 },
  "SHA-384": { hash: "sha384", octets: 32 },
  "SHA-512": { hash: "sha512", octets: 48 },
};

const stretchedOctets = 1_048_576;

/** A key of a password (RFC 3414 §A.2): a hash over a million octets of it, which takes some milliseconds. Pure. */
export function keyOfPassword(protocol: SnmpAuthProtocol, password: Buffer): Buffer {
  const stretched = Buffer.alloc(stretchedOctets, password);
  return createHash(signing[protocol].hash).update(stretched).digest();
}

/** That key as one engine has it: of another engine's nothing can be learnt from it. Cheap. Pure. */
export function localize(protocol: SnmpAuthProtocol, key: Buffer, engineId: Buffer): Buffer {
  return createHash(signing[protocol].hash).update(key).update(engineId).update(key).digest();
}

/** The octets that encrypt: a localised key, made longer where the cipher wants more than the hash has. Pure. */
export function encryptionKey(
  auth: SnmpAuthProtocol,
  priv: SnmpPrivProtocol,
  localized: Buffer,
  engineId: Buffer,
): Buffer {
  const wanted = priv === "AES-256" || priv === "AES-256-C" ? 32 : 16;
  let key = localized;
  let last = localized;
  while (key.length < wanted) {
    // Blumenthal's draft hashes what there is; Reeder's takes the last part for a password.
    if (priv === "AES-256-C") last = localize(auth, keyOfPassword(auth, last), engineId);
    else last = createHash(signing[auth].hash).update(key).digest();
    key = Buffer.concat([key, last]);
  }
  return key.subarray(0, wanted);
}
