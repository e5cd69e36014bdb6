import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const openssl = promisify(execFile);

/**
 * Makes a certificate authority and a server certificate for `nodeName` and 127.0.0.1 where icinga2's ApiListener looks for them, in
 * `certs/` below its data directory; returns the authority's certificate (PEM). By openssl, because `icinga2 pki new-ca` writes to the
 * system's /var/lib/icinga2 whatever data directory it is given.
 */
export async function makeIcingaCertificates(dataDirectory: string, nodeName: string): Promise<string> {
  const certificates = join(dataDirectory, "certs");
  await mkdir(certificates, { recursive: true });
  const at = (name: string) => join(certificates, name);
  const key = (name: string) => ["-newkey", "rsa:2048", "-nodes", "-keyout", at(name)];
  await openssl("openssl", [
    ...["req", "-x509", ...key("ca.key"), "-out", at("ca.crt"), "-days", "2", "-subj", "/CN=bench CA"],
  ]);
  await openssl("openssl", [
    ...["req", "-x509", ...key(`${nodeName}.key`), "-out", at(`${nodeName}.crt`), "-days", "2"],
    ...["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-subj", `/CN=${nodeName}`],
    ...["-addext", `subjectAltName=DNS:${nodeName},IP:127.0.0.1`, "-addext", "basicConstraints=critical,CA:FALSE"],
  ]);
  return await readFile(at("ca.crt"), "utf8");
}
