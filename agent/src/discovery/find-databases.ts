import { existsSync } from "node:fs";
import type { ListeningPort } from "./listening-ports.ts";
import type { FoundThing } from "./proposed-thing.ts";

interface KnownDatabase {
  readonly name: string;
  readonly arguments: readonly string[];
}

/** Databases by the port that they listen on. */
export const databasePorts: ReadonlyMap<number, KnownDatabase> = new Map([
  [3306, { name: "mariadb", arguments: [] }],
  [5432, { name: "postgresql", arguments: [] }],
  [6379, { name: "redis", arguments: [] }],
  [9200, { name: "elasticsearch", arguments: [] }],
  [11211, { name: "memcached", arguments: ["-s", "version\r\n", "-e", "VERSION"] }],
  [27017, { name: "mongodb", arguments: [] }],
]);

/** The databases on this host, reachable by others or not. */
export function findDatabases(ports: readonly ListeningPort[], sockets: readonly string[]): FoundThing[] {
  const socket = sockets.find((path) => existsSync(path));
  const found = ports.flatMap(({ port, host }): FoundThing[] => {
    const database = databasePorts.get(port);
    if (database === undefined || (database.name === "mariadb" && socket !== undefined)) return [];
    if (database.name === "mariadb") return [mariadb(["-H", host])];
    return [
      {
        kind: "database",
        key: database.name,
        title: `${database.name} on port ${port}`,
        serviceName: database.name,
        command: "tcp",
        arguments: ["-H", host, "-p", String(port), ...database.arguments],
      },
    ];
  });
  return socket === undefined ? found : [...found, mariadb(["-s", socket])];
}

function mariadb(args: readonly string[]): FoundThing {
  return {
    kind: "database",
    key: "mariadb",
    title: "MariaDB or MySQL server; its check needs an account named mycloud, without privileges",
    serviceName: "mariadb",
    command: "mariadb",
    arguments: args,
  };
}
