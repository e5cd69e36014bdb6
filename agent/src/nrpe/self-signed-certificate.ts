import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { writeFileAtomically } from "../state-directory/index.ts";

/** A certificate with its key, both PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const validYears = 20;

/**
 * Reads the agent's own certificate, or makes one and keeps it (mode 0600). It proves nothing about who this is, but keeps what is said private;
 * whoever wants proof gives a certificate of an authority instead.
 */
export async function readOrMakeCertificate(path: string, hostName: string, nowMs: number): Promise<Certificate> {
  const pem = await readFile(path, "utf8").catch(() => "");
  const [cert, key] = [
    /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/,
    /-----BEGIN PRIVATE KEY-----[\s\S]+/,
  ].map((pattern) => pattern.exec(pem)?.[0]);
  if (cert !== undefined && key !== undefined) return { cert, key };
  const made = makeCertificate(hostName, nowMs);
  await writeFileAtomically(path, made.cert + made.key, { mode: 0o600 });
  return made;
}

/** Makes a self-signed X.509 certificate (RFC 5280, version 1) with a P-256 key: Node's own crypto makes none. */
export function makeCertificate(commonName: string, nowMs: number): Certificate {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const publicKey = createPublicKey(createPrivateKey(key)).export({ type: "spki", format: "der" });
  const algorithm = der(0x30, oid("2a8648ce3d040302")); // ecdsa-with-SHA256, 1.2.840.10045.4.3.2
  const text = Buffer.from(commonName.slice(0, 64), "utf8");
  const name = der(0x30, der(0x31, der(0x30, oid("550403"), der(0x0c, text)))); // 2.5.4.3, commonName
  const end = new Date(nowMs);
  end.setUTCFullYear(end.getUTCFullYear() + validYears);
  const validity = der(0x30, time(new Date(nowMs - 86_400_000)), time(end));
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40; // Positive, and never shorter.
  const toBeSigned = der(0x30, der(0x02, serial), algorithm, name, validity, name, publicKey);
  const signature = sign("sha256", toBeSigned, privateKey);
  const whole = der(0x30, toBeSigned, algorithm, der(0x03, Buffer.of(0), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  return { cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`, key };
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const header =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), content]);
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** RFC 5280 4.1.2.5: two digits of the year until 2049, four after. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}
