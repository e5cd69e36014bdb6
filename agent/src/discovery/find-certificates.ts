import { readdirSync } from "node:fs";
import type { ListeningPort } from "./listening-ports.ts";
import type { FoundThing } from "./proposed-thing.ts";

/** Ports whose servers speak TLS from the first byte. */
const tlsPorts: ReadonlyMap<number, string> = new Map([
  [443, "https"],
  [465, "smtps"],
  [636, "ldaps"],
  [853, "dns over tls"],
  [993, "imaps"],
  [995, "pop3s"],
  [6514, "syslog"],
  [8443, "https"],
]);
const certificateInterval = 3_600;

/** Certificates by the ports that show them; on port 443 by the names that certbot keeps, when it does. Throws what the file system says. */
export function findCertificates(ports: readonly ListeningPort[], letsEncryptRoot: string): FoundThing[] {
  const names = readNames(letsEncryptRoot);
  return ports.flatMap(({ port, host }): FoundThing[] => {
    const protocol = tlsPorts.get(port);
    if (protocol === undefined) return [];
    const base = ["-H", host, "-p", String(port)];
    if (port === 443 && names.length > 0) {
      return names.map((name) => ({
        kind: "certificate",
        key: `443 ${name}`,
        title: `certificate of ${name}`,
        serviceName: `certificate ${name}`,
        command: "tls-certificate",
        arguments: [...base, "-n", name],
        checkIntervalSeconds: certificateInterval,
      }));
    }
    return [
      {
        kind: "certificate",
        key: String(port),
        title: `certificate shown on port ${port} (${protocol}), whatever its name`,
        serviceName: `certificate port ${port}`,
        command: "tls-certificate",
        arguments: [...base, "--any-name"],
        checkIntervalSeconds: certificateInterval,
      },
    ];
  });
}

function readNames(root: string): string[] {
  try {
    const entries = readdirSync(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    // Nobody uses certbot here, or this user may not look: the ports tell enough.
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EACCES")) return [];
    throw error;
  }
}
