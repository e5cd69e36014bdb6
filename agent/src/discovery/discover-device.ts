import { readInterfaces } from "@mycloud/checks/plugins/snmp-interface";
import { readPrinter } from "@mycloud/checks/plugins/snmp-printer";
import { isRealDisk, storageColumns, toStorageRow } from "@mycloud/checks/plugins/snmp-storage";
import { readUps } from "@mycloud/checks/plugins/snmp-ups";
import { type SnmpSession, type SnmpSessions, standardNames, textOf, walk, walkTable } from "@mycloud/checks/snmp";
import type { Labels } from "@mycloud/protocol/name";
import type { DiscoveredKind, DiscoveredThing, ProbedDiscovery } from "@mycloud/protocol/service-proposal";
import type { SnmpDevice } from "@mycloud/protocol/snmp";
import { type FoundThing, proposedThing } from "./proposed-thing.ts";

const maximumThings = 2_000;
const deviceKinds = [
  "snmp-device",
  "snmp-interface",
  "snmp-storage",
  "snmp-processor",
  "snmp-ups",
  "snmp-printer",
] as const;
type DeviceKind = Extract<DiscoveredKind, (typeof deviceKinds)[number]>;
type Finder = (session: SnmpSession, signal: AbortSignal) => Promise<FoundThing[]>;

const finders: Readonly<Record<DeviceKind, Finder>> = {
  "snmp-device": async () => [
    found("snmp-device", "uptime", "how long the device is up, and whether it restarts", "uptime", "snmp-uptime", []),
  ],
  "snmp-interface": findInterfaces,
  "snmp-storage": findStorage,
  "snmp-processor": findProcessors,
  "snmp-ups": async (session, signal) => {
    const figures = await readUps(session, signal);
    if (figures === null) return [];
    return [found("snmp-ups", "ups", `power supply ${figures.model ?? ""}`.trim(), "ups", "snmp-ups", [])];
  },
  "snmp-printer": async (session, signal) => {
    const figures = await readPrinter(session, signal);
    if (figures === null) return [];
    return [found("snmp-printer", "printer", `printer ${figures.name ?? ""}`.trim(), "printer", "snmp-printer", [])];
  },
};

/** Looks at everything that a device tells by SNMP; a kind that cannot be looked at is in `failed` with the reason. Never throws. */
export async function discoverDevice(
  device: SnmpDevice,
  sessions: SnmpSessions,
  signal: AbortSignal,
): Promise<ProbedDiscovery> {
  const { hostId, address: host, port, security } = device;
  const session = sessions.open({ host, port, family: 0, security, timeoutMs: 2_000, retries: 2 });
  const things: FoundThing[] = [];
  const failed: ProbedDiscovery["failed"] = [];
  let facts: Labels = {};
  try {
    facts = await readFacts(session, signal);
  } catch (error) {
    // Nothing more is asked of a device that does not even tell its name: each question would wait as long.
    const message = reasonOf(error);
    return { hostId, facts, found: [], failed: deviceKinds.map((kind) => ({ kind, message })) };
  }
  for (const kind of deviceKinds) {
    try {
      things.push(...(await finders[kind](session, signal)));
    } catch (error) {
      failed.push({ kind, message: reasonOf(error) });
    }
  }
  const proposed: DiscoveredThing[] = things.flatMap((thing) => proposedThing(thing) ?? []);
  return { hostId, facts, found: proposed.slice(0, maximumThings), failed };
}

async function readFacts(session: SnmpSession, signal: AbortSignal): Promise<Labels> {
  const names = ["sysName", "sysDescr", "sysObjectID", "sysLocation"] as const;
  const values = await session.get(
    names.map((name) => `${standardNames[name]}.0`),
    signal,
  );
  return Object.fromEntries(
    names.flatMap((name, at) => {
      const text = (textOf(values[at]?.value) ?? "").replace(/\s+/g, " ").trim().slice(0, 255);
      return text === "" || !text.isWellFormed() ? [] : [[name, text]];
    }),
  );
}

async function findInterfaces(session: SnmpSession, signal: AbortSignal): Promise<FoundThing[]> {
  const { rows } = await readInterfaces(session, signal);
  const ports = rows.filter((row) => row.isAdminUp && row.isPhysical);
  const wanted = ports.length > 0 ? ports : rows.filter((row) => row.isAdminUp && !row.isLoopback);
  return wanted.map(({ name, names, operStatus, bitsPerSecond }) => {
    const alias = names.at(-1) === name ? "" : ` (${names.at(-1)})`;
    const speed = bitsPerSecond === undefined ? "" : `, ${bitsPerSecond / 1_000_000} Mbit/s`;
    // A port that is down now may be one that nothing is plugged into: that is no reason to wake somebody.
    const isUp = operStatus === "up";
    return found(
      "snmp-interface",
      name,
      `interface ${name}${alias}, ${operStatus}${speed}`,
      `interface ${name}`,
      "snmp-interface",
      isUp ? ["-i", name] : ["-i", name, "--down-ok"],
    );
  });
}

async function findStorage(session: SnmpSession, signal: AbortSignal): Promise<FoundThing[]> {
  const table = await walkTable(session, Object.values(storageColumns), signal);
  return [...table]
    .flatMap(([index, values]) => toStorageRow(index, values) ?? [])
    .filter(isRealDisk)
    .map(({ name, sizeBytes }) =>
      found("snmp-storage", name, `storage ${name}, ${sizeOf(sizeBytes)}`, `disk ${name}`, "snmp-storage", [
        "-n",
        name,
      ]),
    );
}

/** As disks are sold. Pure. */
function sizeOf(bytes: number): string {
  const [unit, name] = bytes >= 1e9 ? [1e9, "GB"] : bytes >= 1e6 ? [1e6, "MB"] : [1e3, "kB"];
  return `${Math.round(bytes / unit)} ${name}`;
}

async function findProcessors(session: SnmpSession, signal: AbortSignal): Promise<FoundThing[]> {
  const loads = await walk(session, `${standardNames.hrProcessorLoad}`, signal);
  if (loads.length === 0) return [];
  return [found("snmp-processor", "load", `load of ${loads.length} processors`, "load", "snmp-load", [])];
}

function found(
  kind: DeviceKind,
  key: string,
  title: string,
  serviceName: string,
  command: string,
  args: readonly string[],
): FoundThing {
  return { kind, key, title, serviceName, command, arguments: args };
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1_000);
}
