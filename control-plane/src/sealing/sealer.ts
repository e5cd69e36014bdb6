import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";

/** Seals secrets for the database: a copy of it without the master key holds none. */
export interface Sealer {
  /** Answers `sealed:v1:...` (AES-256-GCM, RFC 5116). `context` is bound to it: what was sealed for one purpose does not open for another. */
  seal(text: string, context: string): string;
  /** Answers the text. Throws Error when it was changed, sealed under another master key or for another context. */
  open(sealed: string, context: string): string;
  /** 32 bytes for another purpose, the same for as long as the master key is. */
  deriveKey(purpose: string): Uint8Array;
}

const prefix = "sealed:v1:";
const nonceBytes = 12;
const tagBytes = 16;

/** `masterKey` has 32 bytes. The key in use is derived from it (HKDF-SHA-256, RFC 5869), so that the file may serve other purposes too. */
export function createSealer(masterKey: Uint8Array): Sealer {
  const key = new Uint8Array(hkdfSync("sha256", masterKey, "", "mycloud sealed secret", 32));
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return prefix + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString("base64url");
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed.slice(prefix.length), "base64url");
      if (!isSealed(sealed) || bytes.length < nonceBytes + tagBytes) throw new Error("this is no sealed secret");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes)).setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
      try {
        const body = bytes.subarray(nonceBytes, bytes.length - tagBytes);
        return decipher.update(body, undefined, "utf8") + decipher.final("utf8");
      } catch {
        throw new Error("a stored secret does not open with this master key; was the key file replaced?");
      }
    },
    deriveKey: (purpose) => new Uint8Array(hkdfSync("sha256", masterKey, "", `mycloud ${purpose}`, 32)),
  };
}

/** Whether a text is one that `seal` made. Pure. */
export function isSealed(text: string): boolean {
  return text.startsWith(prefix);
}
