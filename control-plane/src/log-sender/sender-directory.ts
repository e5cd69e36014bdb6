import type { ChangeBus } from "../change/index.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { EnabledDefinitions } from "../definition/index.ts";
import type { Sealer } from "../sealing/index.ts";
import { createHostDirectory, type HostDirectory, readHostRows } from "./host-directory.ts";
import { compileLogSenders, type LogSender } from "./log-senders.ts";

/** Who may send, and which hosts there are. */
export interface SenderDirectory {
  senders(): Promise<readonly LogSender[]>;
  hosts(): Promise<HostDirectory>;
}

interface SenderDirectoryDependencies {
  readonly database: ConnectedDatabase;
  readonly sealer: Sealer;
  readonly changes: ChangeBus;
  readonly now: () => number;
}

/** States of hosts change all the time, their names hardly ever: they are read again at most so often. */
const hostsKeptMs = 2_000;
const hostsKeptAtMostMs = 60_000;

/** Reads both from the database and keeps them until they change. */
export function createSenderDirectory({
  database,
  sealer,
  changes,
  now,
}: SenderDirectoryDependencies): SenderDirectory {
  const definitions = new EnabledDefinitions("LogSender", sealer);
  let compiled: { readonly of: readonly unknown[]; readonly senders: readonly LogSender[] } | null = null;
  let hosts: { readonly directory: Promise<HostDirectory>; readonly readAtMs: number } | null = null;
  let isHostsChanged = false;
  changes.subscribe((type) => {
    if (type === "definitions") definitions.forget();
    if (type === "definitions" || type === "hosts" || type === "machines") isHostsChanged = true;
  });
  return {
    async senders() {
      const read = await definitions.read(database.db);
      if (compiled?.of !== read) compiled = { of: read, senders: compileLogSenders(read) };
      return compiled.senders;
    },
    async hosts() {
      const ageMs = hosts === null ? Number.POSITIVE_INFINITY : now() - hosts.readAtMs;
      if (hosts === null || ageMs > hostsKeptAtMostMs || (isHostsChanged && ageMs > hostsKeptMs) || ageMs < 0) {
        const before = hosts;
        isHostsChanged = false;
        const directory = readHostRows(database)
          .then(createHostDirectory)
          .catch((error: unknown) => {
            // What was known goes on to be right for most, while the database is away.
            hosts = null;
            if (before === null) throw error;
            return before.directory;
          });
        hosts = { directory, readAtMs: now() };
      }
      return await hosts.directory;
    },
  };
}
