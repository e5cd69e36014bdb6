import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SnmpPrivProtocol } from "@mycloud/protocol/snmp";

/** The clocks of the engine that a message is signed for. */
export interface EngineClock {
  readonly engineBoots: number;
  readonly engineTime: number;
}

/** Throws what node:crypto throws for a salt or length that cannot be. */
export function decrypt(priv: SnmpPrivProtocol, key: Buffer, clock: EngineClock, salt: Buffer, data: Buffer): Buffer {
  if (salt.length !== 8) throw new Error("the salt has not eight octets");
  if (priv === "DES") {
    const decipher = createDecipheriv("des-ede3-cbc", tripled(key), desIv(key, salt)).setAutoPadding(false);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  }
  const decipher = createDecipheriv(aes(priv), key, aesIv(clock, salt));
  return Buffer.concat([decipher.update(data), decipher.final()]);
}

export function encrypt(
  priv: SnmpPrivProtocol,
  key: Buffer,
  clock: EngineClock,
  data: Buffer,
): { readonly salt: Buffer; readonly data: Buffer } {
  const salt = randomBytes(8);
  if (priv === "DES") {
    const padded = Buffer.alloc(Math.ceil(data.length / 8) * 8);
    data.copy(padded);
    const cipher = createCipheriv("des-ede3-cbc", tripled(key), desIv(key, salt)).setAutoPadding(false);
    return { salt, data: Buffer.concat([cipher.update(padded), cipher.final()]) };
  }
  const cipher = createCipheriv(aes(priv), key, aesIv(clock, salt));
  return { salt, data: Buffer.concat([cipher.update(data), cipher.final()]) };
}

function aes(priv: SnmpPrivProtocol): string {
  return priv === "AES" ? "aes-128-cfb" : "aes-256-cfb";
}

function aesIv({ engineBoots, engineTime }: EngineClock, salt: Buffer): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(engineBoots >>> 0, 0);
  iv.writeUInt32BE(engineTime >>> 0, 4);
  salt.copy(iv, 8);
  return iv;
}

/** Three times the same key is DES, which OpenSSL does not offer by itself any more. */
function tripled(key: Buffer): Buffer {
  const des = key.subarray(0, 8);
  return Buffer.concat([des, des, des]);
}

function desIv(key: Buffer, salt: Buffer): Buffer {
  return Buffer.from(salt.map((octet, at) => octet ^ (key[8 + at] ?? 0)));
}
