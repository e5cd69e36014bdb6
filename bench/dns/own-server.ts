import { readFileSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NameServerConfiguration } from "../../protocol/src/name-server/index.ts";
import { askDns } from "../../test/name-service/dns-client.ts";
import type { ServedZoneFile } from "../../test/peers/name-servers.ts";
import {
  descendantsOf,
  freePort,
  listProcesses,
  type MycloudProcess,
  startMycloud,
  waitFor,
} from "../../test/support/index.ts";

/** `mycloud dns serve`, with everything on that costs time. */
export interface OwnServer {
  readonly port: number;
  readonly process: MycloudProcess;
  /** From its start until it answered, in seconds. */
  readonly startSeconds: number;
  /** Of it and its workers, resident together, in MB. */
  megabytes(): number;
  /** Of it and its workers since their start, in seconds. */
  cpuSeconds(): number;
}

/** Nothing is held back, though everything is counted: a client that sends no faster than these. */
const unreachable = 10_000_000;

export async function startOwnServer(directory: string, zone: ServedZoneFile, workers: number): Promise<OwnServer> {
  const [port, metrics] = await Promise.all([freePort(), freePort()]);
  const own = await mkdtemp(join(directory, `own-${workers}-`));
  const configurationFile = join(own, "configuration.json");
  await writeFile(configurationFile, JSON.stringify(configuration));
  const startedAt = performance.now();
  const child = startMycloud([
    ...["dns", "serve", "--listen", `127.0.0.1:${port}`, "--workers", String(workers)],
    ...["--configuration", configurationFile, "--zone-file", `${zone.name}=${zone.file}`],
    ...["--metrics", `127.0.0.1:${metrics}`, "--state-dir", join(own, "state")],
  ]);
  const answers = async () => {
    const answer = await askDns({ port }, { name: `${zone.name}.`, type: "SOA" });
    return answer.readUInt16BE(6) === 1;
  };
  const hasEnded = child.ended.then(() => {
    throw new Error(`the name server ended before it answered: ${child.stderr()}`);
  });
  await Promise.race([waitFor(answers, 120_000, "the name server to answer"), hasEnded]);
  // It ends at the end of the measurement, which is no fault.
  hasEnded.catch(() => {});
  const startSeconds = (performance.now() - startedAt) / 1000;
  const family = () => [child.pid, ...descendantsOf(child.pid, listProcesses())];
  return {
    port,
    process: child,
    startSeconds,
    megabytes: () => sum(family().map(residentMegabytes)),
    cpuSeconds: () => sum(family().map(processorSeconds)),
  };
}

const configuration: NameServerConfiguration = {
  nsid: "bench",
  cookieSecrets: ["000102030405060708090a0b0c0d0e0f"],
  tsigKeys: [],
  views: [],
  allowQuery: [{ prefixes: ["192.0.2.0/24", "127.0.0.0/8"], key: null }],
  zones: [],
  forwarding: null,
  rateLimit: {
    responsesPerSecond: unreachable,
    nameErrorsPerSecond: unreachable,
    errorsPerSecond: unreachable,
    slip: 2,
    exempt: [],
  },
  queryLogOneIn: null,
};

export function residentMegabytes(pid: number): number {
  const kibibytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  return (kibibytes * 1024) / 1e6;
}

/** All threads of a process; the kernel counts in hundredths of a second. */
export function processorSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
