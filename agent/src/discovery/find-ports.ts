import { databasePorts } from "./find-databases.ts";
import type { ListeningPort } from "./listening-ports.ts";
import type { FoundThing } from "./proposed-thing.ts";

/** Ports from here on are given out by the kernel as needed, and mean nothing the next day. */
const firstEphemeralPort = 32_768;

/** Ports with a check of their own; the others are connected to. */
const known: ReadonlyMap<number, { readonly name: string; readonly check: (host: string) => [string, string[]] }> =
  new Map([
    [22, { name: "ssh", check: (host) => ["ssh", ["-H", host]] }],
    [25, { name: "smtp", check: (host) => ["smtp", ["-H", host]] }],
    [80, { name: "http", check: (host) => ["http", ["-H", host]] }],
  ]);

const names: ReadonlyMap<number, string> = new Map([
  [21, "ftp"],
  [53, "dns"],
  [110, "pop3"],
  [111, "rpcbind"],
  [143, "imap"],
  [389, "ldap"],
  [443, "https"],
  [445, "smb"],
  [465, "smtps"],
  [587, "submission"],
  [636, "ldaps"],
  [873, "rsync"],
  [993, "imaps"],
  [995, "pop3s"],
  [2049, "nfs"],
  [5666, "nrpe"],
  [8080, "http-alt"],
  [9090, "prometheus"],
  [9100, "node exporter"],
]);

/** The ports that others can reach, but for databases, which are found as such. Pure. */
export function findPorts(ports: readonly ListeningPort[]): FoundThing[] {
  return ports
    .filter(({ port, isLoopback }) => !isLoopback && port < firstEphemeralPort && !databasePorts.has(port))
    .map(({ port, host }) => {
      const special = known.get(port);
      const name = special?.name ?? names.get(port);
      const [command, args] = special?.check(host) ?? (["tcp", ["-H", host, "-p", String(port)]] as const);
      return {
        kind: "port",
        key: String(port),
        title: `TCP port ${port}${name === undefined ? "" : ` (${name})`}`,
        serviceName: name === undefined ? `port ${port}` : `port ${port} ${name}`,
        command,
        arguments: args,
      };
    });
}
