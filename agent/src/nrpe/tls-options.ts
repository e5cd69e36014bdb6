import { readFile } from "node:fs/promises";
import type { TlsOptions } from "node:tls";
import { anonymousBesideCertificate } from "@mycloud/checks/nrpe";
import type { NrpePolicy } from "../policy/index.ts";
import { readOrMakeCertificate } from "./self-signed-certificate.ts";

/** Reads what TLS needs. Throws an Error that names the file that cannot be used. */
export async function readTlsOptions(
  { tls }: NrpePolicy,
  own: { readonly path: string; readonly hostName: string; readonly nowMs: number },
): Promise<TlsOptions> {
  const certificate =
    tls.certificateFile !== undefined && tls.keyFile !== undefined
      ? { cert: await read(tls.certificateFile), key: await read(tls.keyFile) }
      : await readOrMakeCertificate(own.path, own.hostName, own.nowMs);
  return {
    ...certificate,
    ...(tls.isAnonymousAllowed ? anonymousBesideCertificate : {}),
    ...(tls.clientCaFile === undefined
      ? {}
      : { ca: await read(tls.clientCaFile), requestCert: true, rejectUnauthorized: true }),
  };
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
