import { execFileSync } from "node:child_process";
import { join } from "node:path";

/**
 * Makes an authority (`ca.pem`, `ca.key`) and certificates it signed, `NAME.pem` and `NAME.key` for NAME.example.org, in a directory. Answers
 * where a file of it lies.
 */
export function makeCertificates(
  directory: string,
  names: readonly string[],
  /** What they are for instead of their names, as openssl writes it: `IP:127.0.0.1`. */
  subjectAltName?: string,
): (file: string) => string {
  const openssl = (line: string) =>
    execFileSync("openssl", line.split(" "), { cwd: directory, stdio: ["ignore", "ignore", "pipe"] });
  const curve = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
  openssl(`req -x509 ${curve} -keyout ca.key -out ca.pem -days 10 -subj /CN=TestAuthority`);
  for (const name of names) {
    const extension = subjectAltName === undefined ? "" : ` -addext subjectAltName=${subjectAltName}`;
    const copied = subjectAltName === undefined ? "" : " -copy_extensions copy";
    openssl(`req -new ${curve} -keyout ${name}.key -out ${name}.csr -subj /CN=${name}.example.org${extension}`);
    openssl(`x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 10 -out ${name}.pem${copied}`);
  }
  return (file) => join(directory, file);
}
