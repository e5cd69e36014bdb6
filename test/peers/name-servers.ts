import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askDns } from "../name-service/dns-client.ts";
import { killAtExit } from "../support/at-exit.ts";
import { freePort } from "../support/free-port.ts";
import { waitFor } from "../support/wait-for.ts";

/** A zone as servers load it: its name, and the file with its records. */
export interface ServedZoneFile {
  readonly name: string;
  readonly file: string;
}

/** A name server of somebody else's, started on 127.0.0.1. */
export interface PeerNameServer {
  readonly program: "named" | "knotd" | "nsd";
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export const nameServerPrograms = {
  named: { path: "/usr/sbin/named", debianPackage: "bind9" },
  knotd: { path: "/usr/sbin/knotd", debianPackage: "knot" },
  nsd: { path: "/usr/sbin/nsd", debianPackage: "nsd" },
} as const;

/** BIND with these zones: answers as small as ours, no rotation of records. */
export async function startNamed(directory: string, zones: readonly ServedZoneFile[]): Promise<PeerNameServer> {
  const port = await freePort();
  const place = join(directory, "named");
  await mkdir(place, { recursive: true });
  const options = [
    `directory "${place}"; pid-file "${place}/pid"; session-keyfile "${place}/session.key";`,
    `listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; notify no; dnssec-validation no;`,
    "check-names primary ignore; minimal-responses yes; minimal-any yes; rrset-order { order fixed; };",
    "empty-zones-enable no; max-udp-size 1232; edns-udp-size 1232;",
  ];
  const served = zones.map(
    ({ name, file }) => `zone "${name}" { type primary; file "${file}"; check-integrity no; masterfile-format text; };`,
  );
  await writeFile(
    join(place, "named.conf"),
    [`options {`, ...options, "};", "controls { };", ...served, ""].join("\n"),
  );
  return await startNameServerProgram("named", port, ["-g", "-n", "1", "-c", join(place, "named.conf")]);
}

/** Knot DNS with these zones. */
export async function startKnot(directory: string, zones: readonly ServedZoneFile[]): Promise<PeerNameServer> {
  const port = await freePort();
  const place = join(directory, "knot");
  await mkdir(join(place, "database"), { recursive: true });
  const lines = [
    "server:",
    `  rundir: "${place}"`,
    `  listen: 127.0.0.1@${port}`,
    "  udp-workers: 1",
    "  udp-max-payload: 1232",
    "  answer-rotation: off",
    "database:",
    `  storage: "${place}/database"`,
    "zone:",
    ...zones.flatMap(({ name, file }) => [
      `  - domain: ${name}`,
      `    file: "${file}"`,
      "    zonefile-load: whole",
      "    semantic-checks: off",
    ]),
    "",
  ];
  await writeFile(join(place, "knot.conf"), lines.join("\n"));
  return await startNameServerProgram("knotd", port, ["-c", join(place, "knot.conf")]);
}

/** NSD with these zones, without its response-rate limiting, which is on unless it is told. */
export async function startNsd(directory: string, zones: readonly ServedZoneFile[]): Promise<PeerNameServer> {
  const port = await freePort();
  const place = join(directory, "nsd");
  await mkdir(place, { recursive: true });
  const lines = [
    "server:",
    `  ip-address: 127.0.0.1@${port}`,
    '  username: ""',
    '  database: ""',
    `  pidfile: "${place}/pid"`,
    `  xfrdfile: "${place}/xfrd.state"`,
    `  xfrdir: "${place}"`,
    `  zonelistfile: "${place}/zone.list"`,
    "  rrl-ratelimit: 0",
    "  minimal-responses: yes",
    "  refuse-any: yes",
    "  ipv4-edns-size: 1232",
    "  server-count: 1",
    "remote-control:",
    "  control-enable: no",
    ...zones.flatMap(({ name, file }) => ["zone:", `  name: "${name}"`, `  zonefile: "${file}"`]),
    "",
  ];
  await writeFile(join(place, "nsd.conf"), lines.join("\n"));
  return await startNameServerProgram("nsd", port, ["-d", "-c", join(place, "nsd.conf")]);
}

/** Starts one of them with a configuration that is on disk, and waits until it answers on its port. */
export async function startNameServerProgram(
  program: PeerNameServer["program"],
  port: number,
  args: readonly string[],
): Promise<PeerNameServer> {
  const child = spawn(nameServerPrograms[program].path, args, { stdio: ["ignore", "pipe", "pipe"] });
  const letLive = killAtExit(child);
  const ended = once(child, "close");
  const said = hear(child);
  const ready = () => {
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${said()}`);
    return askDns({ port }, { name: ".", type: "SOA" }).then(() => true);
  };
  await waitFor(ready, 60_000, `${program} to answer; it said ${said()}`);
  return {
    program,
    port,
    pid: child.pid ?? 0,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      letLive();
    },
  };
}

/** The last of what a program says. */
function hear(child: ChildProcess): () => string {
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-20_000);
    });
  }
  return () => said;
}
