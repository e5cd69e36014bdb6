import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { DiscoveryReport } from "@mycloud/protocol/service-proposal";
import fc from "fast-check";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { discover } from "./discover.ts";
import { findUnits, unitsIn } from "./find-units.ts";
import { listeningPortsIn } from "./listening-ports.ts";
import { proposedThing } from "./proposed-thing.ts";

/** A host made of these files. */
function host(files: Readonly<Record<string, string>>): string {
  const root = testDirectory();
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, { mode: 0o755 });
  }
  return root;
}

const header = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
const line = (address: string, port: number, state = "0A") =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, "0")} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 0 0 1\n`;
const mounts = `21 1 8:1 / / rw - ext4 /dev/sda1 rw
22 21 8:2 / /var\\040lib rw - xfs /dev/sdb1 rw
23 21 0:5 / /proc rw - proc proc rw
24 21 0:6 / /run rw - tmpfs tmpfs rw
25 21 8:3 / /cd ro - iso9660 /dev/sr0 ro
`;

test("everything there is to watch on a host is found, with checks that watch it", async () => {
  const root = host({
    "proc/self/mountinfo": mounts,
    "proc/1/comm": "systemd\n",
    "proc/net/tcp":
      header +
      line("00000000", 22) +
      line("0100007F", 3306) +
      line("0A0200C0", 443) +
      line("00000000", 40_000) +
      line("00000000", 8081, "01"),
    "proc/net/tcp6": header + line("00000000000000000000000000000000", 80),
    "sys/class/net/eth0/operstate": "up\n",
    "sys/class/net/eth0/flags": "0x1003\n",
    "sys/class/net/eth0/speed": "1000\n",
    "sys/class/net/eth0/device/x": "",
    "sys/class/net/lo/operstate": "unknown\n",
    "letsencrypt/www.example.org/cert.pem": "",
    "letsencrypt/README": "",
    systemctl:
      "#!/bin/sh\necho 'nginx.service loaded active running A web server'\necho 'systemd-logind.service loaded active running x'\n",
  });
  const sources = {
    procRoot: join(root, "proc"),
    sysRoot: join(root, "sys"),
    letsEncryptRoot: join(root, "letsencrypt"),
    systemctl: join(root, "systemctl"),
    databaseSockets: [],
  };
  const report = await discover(sources, new AbortController().signal);
  assert.deepEqual(DiscoveryReport.parse(report), report);
  assert.deepEqual(report.failed, []);
  assert.deepEqual(
    report.found.map(({ kind, key, check }) => [kind, key, [check.command, ...check.arguments].join(" ")]),
    [
      ["filesystem", "/", "disk -w 10% -c 5% -W 10% -K 5% -p /"],
      ["filesystem", "/var lib", "disk -w 10% -c 5% -W 10% -K 5% -p /var lib"],
      ["interface", "eth0", "interface -i eth0"],
      ["unit", "nginx.service", "systemd -u nginx.service"],
      ["port", "22", "ssh -H 127.0.0.1"],
      ["port", "80", "http -H 127.0.0.1"],
      ["port", "443", "tcp -H 192.0.2.10 -p 443"],
      ["database", "mariadb", "mariadb -H 127.0.0.1"],
      ["certificate", "443 www.example.org", "tls-certificate -H 192.0.2.10 -p 443 -n www.example.org"],
    ],
  );
});

test("what cannot be looked at is told apart from what is not there", async () => {
  const root = host({ "proc/1/comm": "systemd\n", "proc/net/tcp": header });
  const sources = {
    procRoot: join(root, "proc"),
    sysRoot: join(root, "sys"),
    letsEncryptRoot: join(root, "none"),
    systemctl: join(root, "no-systemctl"),
    databaseSockets: [],
  };
  const { found, failed } = await discover(sources, new AbortController().signal);
  assert.deepEqual(found, []);
  assert.deepEqual(
    failed.map(({ kind }) => kind),
    ["filesystem", "interface", "unit"],
  );
  const container = host({ "1/comm": "node\n" });
  assert.deepEqual(
    await findUnits({ procRoot: container, systemctl: "/nonexistent" }, new AbortController().signal),
    [],
  );
});

test("of a port that is listened on twice, the place that others reach counts", () => {
  const four = line("0100007F", 25) + line("0A0200C0", 25) + line("0100007F", 5432);
  const six =
    line("00000000000000000000000001000000", 631) +
    line("0000000000000000FFFF00000A0200C0", 5_000) +
    line("B80D0120000000000000000001000000", 53);
  assert.deepEqual(listeningPortsIn(four, six), [
    { port: 25, host: "192.0.2.10", isLoopback: false },
    { port: 53, host: "2001:db8:0:0:0:0:0:1", isLoopback: false },
    { port: 631, host: "::1", isLoopback: true },
    { port: 5000, host: "192.0.2.10", isLoopback: false },
    { port: 5432, host: "127.0.0.1", isLoopback: true },
  ]);
});

test("names that no service may have, and macros by accident, do not get through", () => {
  const found = { kind: "filesystem", title: "t", command: "disk", checkIntervalSeconds: 60 } as const;
  const thing = proposedThing({ ...found, key: "/a$b", serviceName: "disk /a$b|c\n", arguments: ["-p", "/a$b"] });
  assert.equal(thing?.check.serviceName, "disk /a_b_c_");
  assert.deepEqual(thing?.check.arguments, ["-p", "/a$$b"]);
  assert.equal(proposedThing({ ...found, key: "/".repeat(300), serviceName: "x", arguments: [] }), null);
});

test("no listing breaks the finders", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      unitsIn(text);
      listeningPortsIn(text, text);
    }),
    { numRuns: 200 },
  );
});
