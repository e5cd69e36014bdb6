import type { DiscoveryReport } from "@mycloud/protocol/service-proposal";
import type { DiscoverySources } from "./discovery-sources.ts";
import { findCertificates } from "./find-certificates.ts";
import { findDatabases } from "./find-databases.ts";
import { findFilesystems } from "./find-filesystems.ts";
import { findInterfaces } from "./find-interfaces.ts";
import { findPorts } from "./find-ports.ts";
import { findUnits } from "./find-units.ts";
import { readListeningPorts } from "./listening-ports.ts";
import { type FoundThing, proposedThing } from "./proposed-thing.ts";

const ownKinds = ["filesystem", "interface", "unit", "port", "database", "certificate"] as const;

/** A report holds no more; a host with more has something that makes them up. */
const maximumThings = 2_000;

/** Looks at everything; a kind that cannot be looked at is in `failed` with the reason. Never throws. */
export async function discover(sources: DiscoverySources, signal: AbortSignal): Promise<DiscoveryReport> {
  const { procRoot, sysRoot, letsEncryptRoot, databaseSockets } = sources;
  const finders: Record<(typeof ownKinds)[number], () => FoundThing[] | Promise<FoundThing[]>> = {
    filesystem: () => findFilesystems(procRoot),
    interface: () => findInterfaces(sysRoot),
    unit: () => findUnits(sources, signal),
    port: () => findPorts(readListeningPorts(procRoot)),
    database: () => findDatabases(readListeningPorts(procRoot), databaseSockets),
    certificate: () => findCertificates(readListeningPorts(procRoot), letsEncryptRoot),
  };
  const found: FoundThing[] = [];
  const failed: DiscoveryReport["failed"] = [];
  for (const kind of ownKinds) {
    try {
      found.push(...(await finders[kind]()));
    } catch (error) {
      failed.push({ kind, message: (error instanceof Error ? error.message : String(error)).slice(0, 1_000) });
    }
  }
  const things = found.flatMap((thing) => proposedThing(thing) ?? []);
  return { found: things.slice(0, maximumThings), failed };
}
