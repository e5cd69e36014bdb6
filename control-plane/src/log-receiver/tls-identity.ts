import { createHash, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import { StartError } from "../start-error.ts";
import type { TlsIdentity } from "./stream/stream-server.ts";

/** Certificate and key of the listeners, by the names of their files; null when neither is given. Throws StartError for what cannot be used. */
export async function readTlsIdentity(certFile: string | null, keyFile: string | null): Promise<TlsIdentity | null> {
  if (certFile === null && keyFile === null) return null;
  if (certFile === null || keyFile === null) {
    throw new StartError("configuration", "--log-tls-cert and --log-tls-key belong together; give both");
  }
  try {
    const [cert, key] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError("configuration", `the certificate or key of the log receiver cannot be used: ${reason}`);
  }
}

/** SHA-256 (base64url) of a certificate's public key, by which senders know the server. */
export function serverKeyDigest({ cert }: TlsIdentity): string {
  const publicKey = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(publicKey).digest("base64url");
}
