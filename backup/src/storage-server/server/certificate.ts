import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { createSecureContext, type SecureContextOptions, type Server as TlsServer } from "node:tls";
import type { StorageLogger } from "./storage-server-options.ts";

/** Where certificate chain and private key are, both PEM. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What a TLS server is made with. Throws the system's errors. */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<SecureContextOptions> {
  return { cert: await readFile(certFile), key: await readFile(keyFile), minVersion: "TLSv1.2" };
}

/**
 * Returns what looks, each time it is called, whether the files have changed, and takes a renewed certificate into use for connections to
 * come. While the new files are no certificate, do not belong together or are expired, the old one stays, and the log says so once.
 */
export function watchCertificate(
  server: Pick<TlsServer, "setSecureContext">,
  files: CertificateFiles,
  { logger, now }: { readonly logger: StorageLogger; readonly now: () => number },
): () => Promise<void> {
  let used = versionOf(files);
  let complaint = "";
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    try {
      const version = await versionOf(files);
      if (version === (await used)) return;
      const renewed = await readCertificate(files);
      const expiresAtMs = refuseUnusable(renewed, now());
      server.setSecureContext(renewed);
      used = Promise.resolve(version);
      complaint = "";
      logger.info({ file: files.certFile, expiresAtMs }, "certificate was renewed");
    } catch (err) {
      const message = String(err);
      if (message !== complaint)
        logger.error({ err, file: files.certFile }, "certificate cannot be used; the old one stays");
      complaint = message;
    }
  }

  return () => {
    looking = looking.then(look);
    return looking;
  };
}

/** Returns when it expires, in Unix ms; throws where a client could not be served with it. */
function refuseUnusable(options: SecureContextOptions, nowMs: number): number {
  // Throws where one is no PEM, or the key is another's; `setSecureContext` would have forgotten the old ones by then.
  createSecureContext(options);
  const expiresAtMs = new X509Certificate(options.cert instanceof Buffer ? options.cert : "").validToDate.getTime();
  if (expiresAtMs <= nowMs) throw new Error(`it expired on ${new Date(expiresAtMs).toISOString()}`);
  return expiresAtMs;
}

/** What changes when one of the files does; "none" for one that is not there. Never rejects. */
async function versionOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const versions = [certFile, keyFile].map(async (file) => {
    const info = await stat(file, { bigint: true }).catch(() => null);
    return info === null ? "none" : `${info.ino} ${info.size} ${info.ctimeNs}`;
  });
  return (await Promise.all(versions)).join();
}
