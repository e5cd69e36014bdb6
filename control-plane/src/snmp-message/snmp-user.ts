import { createHmac, timingSafeEqual } from "node:crypto";
import type { SnmpSecurity } from "@mycloud/protocol/snmp";
import { decrypt, type EngineClock, encrypt } from "./ciphers.ts";
import { encryptionKey, keyOfPassword, localize, signing } from "./keys.ts";

/** A user of version 3 with keys that are made when they are first needed, and kept. */
export interface SnmpUser {
  readonly name: string;
  readonly isSigning: boolean;
  readonly isEncrypting: boolean;
  /** How many octets a signature has. */
  readonly signatureOctets: number;
  /** Of a message in which the signature's octets are zero. */
  sign(engineId: Buffer, message: Buffer): Buffer;
  isSignature(engineId: Buffer, message: Buffer, signature: Buffer): boolean;
  /** Throws for what cannot be decrypted. */
  decrypt(engineId: Buffer, clock: EngineClock, salt: Buffer, data: Buffer): Buffer;
  encrypt(engineId: Buffer, clock: EngineClock, data: Buffer): { readonly salt: Buffer; readonly data: Buffer };
}

/** Keys of so many engines are kept of each user. */
const keptEngines = 256;

/** Null for what is no user of version 3. */
export function compileSnmpUser(security: SnmpSecurity): SnmpUser | null {
  const { version, username, authProtocol, authPassword, privProtocol, privPassword } = security;
  if (version !== "3" || username === null || username === "") return null;
  const authKeyOf = authProtocol === null ? null : keysByEngine(authProtocol, authPassword ?? "");
  const localPrivKeyOf =
    authProtocol === null || privProtocol === null ? null : keysByEngine(authProtocol, privPassword ?? "");
  const privKeyOf =
    authProtocol === null || privProtocol === null || localPrivKeyOf === null
      ? null
      : kept((engineId) => encryptionKey(authProtocol, privProtocol, localPrivKeyOf(engineId), engineId));
  const octets = authProtocol === null ? 0 : signing[authProtocol].octets;
  function sign(engineId: Buffer, message: Buffer): Buffer {
    if (authProtocol === null || authKeyOf === null) return Buffer.alloc(0);
    return createHmac(signing[authProtocol].hash, authKeyOf(engineId)).update(message).digest().subarray(0, octets);
  }
  return {
    name: username,
    isSigning: authProtocol !== null,
    isEncrypting: privProtocol !== null,
    signatureOctets: octets,
    sign,
    isSignature: (engineId, message, signature) =>
      signature.length === octets && timingSafeEqual(sign(engineId, message), signature),
    decrypt(engineId, clock, salt, data) {
      if (privProtocol === null || privKeyOf === null) throw new Error("the user does not encrypt");
      return decrypt(privProtocol, privKeyOf(engineId), clock, salt, data);
    },
    encrypt(engineId, clock, data) {
      if (privProtocol === null || privKeyOf === null) throw new Error("the user does not encrypt");
      return encrypt(privProtocol, privKeyOf(engineId), clock, data);
    },
  };
}

function keysByEngine(
  protocol: NonNullable<SnmpSecurity["authProtocol"]>,
  password: string,
): (engineId: Buffer) => Buffer {
  let key: Buffer | undefined;
  return kept((engineId) => {
    // The long part does not depend on the engine: nobody can make it be done again by claiming to be many.
    key ??= keyOfPassword(protocol, Buffer.from(password));
    return localize(protocol, key, engineId);
  });
}

function kept(make: (engineId: Buffer) => Buffer): (engineId: Buffer) => Buffer {
  const keys = new Map<string, Buffer>();
  return (engineId) => {
    const id = engineId.toString("hex");
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = make(engineId);
    if (keys.size >= keptEngines) keys.delete(keys.keys().next().value ?? "");
    keys.set(id, key);
    return key;
  };
}
