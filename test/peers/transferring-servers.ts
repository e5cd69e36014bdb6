import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";
import { type PeerNameServer, type ServedZoneFile, startNameServerProgram } from "./name-servers.ts";

/** A key that others and we share; the secret in base64. */
export interface SharedKey {
  readonly name: string;
  readonly secret: string;
}

/** A zone that is fetched from a server on 127.0.0.1, by a key. */
export interface FetchedZone {
  readonly name: string;
  readonly primaryPort: number;
  readonly key: SharedKey;
}

/** BIND as secondary. What it fetched is told to nobody. `own`: zones that it is primary of besides, which everybody may fetch. */
export async function startNamedSecondary(
  directory: string,
  zones: readonly FetchedZone[],
  own: readonly ServedZoneFile[] = [],
): Promise<PeerNameServer> {
  const entries = zones.map(
    ({ name, primaryPort, key }) =>
      `zone "${name}" { type secondary; file "${name}.zone"; primaries port ${primaryPort} { 127.0.0.1 key "${key.name}"; }; };`,
  );
  return await startNamed(
    join(directory, "named-secondary"),
    zones.map(({ key }) => key),
    () => [
      ...entries,
      ...own.map(({ name, file }) => `zone "${name}" { type primary; file "${file}"; allow-transfer { any; }; };`),
    ],
  );
}

/** BIND as primary of a zone, which gives it to who has the key, lets them update it, and tells one server of changes. */
export async function startNamedPrimary(
  directory: string,
  { name, file, key, notifyPort }: { name: string; file: string; key: SharedKey; notifyPort: number },
): Promise<PeerNameServer> {
  return await startNamed(join(directory, "named-primary"), [key], () => [
    `zone "${name}" { type primary; file "${file}"; allow-transfer { key "${key.name}"; }; allow-update { key "${key.name}"; };`,
    `  notify explicit; also-notify port ${notifyPort} { 127.0.0.1; }; };`,
  ]);
}

async function startNamed(
  place: string,
  keys: readonly SharedKey[],
  zones: () => readonly string[],
): Promise<PeerNameServer> {
  const port = await freePort();
  await mkdir(place, { recursive: true });
  const lines = [
    ...keys.map(({ name, secret }) => `key "${name}" { algorithm hmac-sha256; secret "${secret}"; };`),
    "options {",
    `  directory "${place}"; pid-file "${place}/pid"; session-keyfile "${place}/session.key";`,
    `  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; recursion no; notify no; notify-delay 0;`,
    "  dnssec-validation no; empty-zones-enable no; check-names primary ignore; masterfile-format text;",
    "};",
    "controls { };",
    ...zones(),
    "",
  ];
  await writeFile(join(place, "named.conf"), lines.join("\n"));
  return await startNameServerProgram("named", port, ["-g", "-n", "1", "-c", join(place, "named.conf")]);
}

/** Knot DNS as secondary, which wants NOTIFY signed with the same key. */
export async function startKnotSecondary(
  directory: string,
  { name, primaryPort, key }: FetchedZone,
): Promise<PeerNameServer> {
  const port = await freePort();
  const place = join(directory, "knot-secondary");
  await mkdir(join(place, "database"), { recursive: true });
  const lines = [
    "server:",
    `  rundir: "${place}"`,
    `  listen: 127.0.0.1@${port}`,
    "  udp-workers: 1",
    "key:",
    `  - id: ${key.name}`,
    "    algorithm: hmac-sha256",
    `    secret: "${key.secret}"`,
    "remote:",
    "  - id: primary",
    `    address: 127.0.0.1@${primaryPort}`,
    `    key: ${key.name}`,
    "acl:",
    "  - id: told",
    "    address: 127.0.0.1",
    `    key: ${key.name}`,
    "    action: notify",
    "database:",
    `  storage: "${place}/database"`,
    "zone:",
    `  - domain: ${name}`,
    `    storage: "${place}"`,
    "    master: primary",
    "    acl: told",
    "",
  ];
  await writeFile(join(place, "knot.conf"), lines.join("\n"));
  return await startNameServerProgram("knotd", port, ["-c", join(place, "knot.conf")]);
}

/** NSD as secondary, which wants NOTIFY signed with the same key. */
export async function startNsdSecondary(
  directory: string,
  { name, primaryPort, key }: FetchedZone,
): Promise<PeerNameServer> {
  const port = await freePort();
  const place = join(directory, "nsd-secondary");
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
    `  zonesdir: "${place}"`,
    "  rrl-ratelimit: 0",
    "  server-count: 1",
    "remote-control:",
    "  control-enable: no",
    "key:",
    `  name: ${key.name}`,
    "  algorithm: hmac-sha256",
    `  secret: "${key.secret}"`,
    "zone:",
    `  name: "${name}"`,
    '  zonefile: "fetched.zone"',
    `  request-xfr: 127.0.0.1@${primaryPort} ${key.name}`,
    `  allow-notify: 127.0.0.1 ${key.name}`,
    "",
  ];
  await writeFile(join(place, "nsd.conf"), lines.join("\n"));
  return await startNameServerProgram("nsd", port, ["-d", "-c", join(place, "nsd.conf")]);
}

/** Knot DNS as primary of a zone, which gives it to who has the key, lets them update it, and tells one server of changes, signed. */
export async function startKnotPrimary(
  directory: string,
  { name, file, key, notifyPort }: { name: string; file: string; key: SharedKey; notifyPort: number },
): Promise<PeerNameServer> {
  const port = await freePort();
  const place = join(directory, "knot-primary");
  await mkdir(join(place, "database"), { recursive: true });
  const lines = [
    "server:",
    `  rundir: "${place}"`,
    `  listen: 127.0.0.1@${port}`,
    "  udp-workers: 1",
    "key:",
    `  - id: ${key.name}`,
    "    algorithm: hmac-sha256",
    `    secret: "${key.secret}"`,
    "remote:",
    "  - id: secondary",
    `    address: 127.0.0.1@${notifyPort}`,
    `    key: ${key.name}`,
    "acl:",
    "  - id: keyed",
    "    address: 127.0.0.1",
    `    key: ${key.name}`,
    "    action: [transfer, update]",
    "database:",
    `  storage: "${place}/database"`,
    "zone:",
    `  - domain: ${name}`,
    `    file: "${file}"`,
    "    notify: secondary",
    "    acl: keyed",
    "",
  ];
  await writeFile(join(place, "knot.conf"), lines.join("\n"));
  return await startNameServerProgram("knotd", port, ["-c", join(place, "knot.conf")]);
}
