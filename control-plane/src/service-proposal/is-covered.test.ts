import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiscoveredThing } from "@mycloud/protocol/service-proposal";
import { isCovered, type WatchingService } from "./is-covered.ts";
import { type KnownProposal, planProposals } from "./plan-proposals.ts";

const host = { name: "web1", address: "192.0.2.1" };

function thing(kind: DiscoveredThing["kind"], key: string, ...args: string[]): DiscoveredThing {
  const check = { serviceName: `${kind} ${key}`, command: "x", arguments: args, checkIntervalSeconds: 60 };
  return { kind, key, title: key, check };
}

function service(line: string): WatchingService {
  const [command = null, ...args] = line.split(" ");
  return { name: "something else", command, arguments: args };
}

test("what a service watches already is covered, and what only looks alike is not", () => {
  for (const [found, line, expected] of [
    [thing("filesystem", "/var"), "disk", true],
    [thing("filesystem", "/var"), "disk -w 10% -p /var", true],
    [thing("filesystem", "/var"), "disk -p/var", true],
    [thing("filesystem", "/var"), "disk --path=/var", true],
    [thing("filesystem", "/var"), "disk -p /", false],
    [thing("filesystem", "/var"), "disk -x /var", false],
    [thing("filesystem", "/var"), "external /usr/lib/nagios/plugins/check_disk -w 10% -p /var", true],
    [thing("filesystem", "/var"), "external -t 30 /usr/lib/nagios/plugins/check_disk -p /srv", false],
    [thing("filesystem", "/a$b"), "disk -p /a$$b", true],
    [thing("filesystem", "/var"), "load", false],
    [thing("interface", "eth0"), "interface", true],
    [thing("interface", "eth0"), "interface -i eth1 -i eth0", true],
    [thing("interface", "eth0"), "interface -i eth1", false],
    [thing("unit", "nginx.service"), "systemd -u nginx", true],
    [thing("unit", "nginx.service"), "systemd -u nginx.service", true],
    [thing("unit", "nginx.service"), "systemd", false],
    [thing("port", "22"), "ssh", true],
    [thing("port", "22"), "ssh -p 2222", false],
    [thing("port", "22"), "tcp -H $HOSTADDRESS$ -p 22", true],
    [thing("port", "22"), "tcp -H 192.0.2.1 -p 22", true],
    [thing("port", "22"), "tcp -H db.example.org -p 22", false],
    [thing("port", "443"), "tls-certificate -H 127.0.0.1", false],
    [thing("port", "80"), "external /usr/lib/nagios/plugins/check_http -H web1", true],
    [thing("database", "mariadb"), "mariadb -s /run/mysqld/mysqld.sock", true],
    [thing("database", "mariadb"), "mariadb -H db9.example.org", false],
    [thing("database", "mariadb"), "external /usr/lib/nagios/plugins/check_mysql", true],
    [thing("database", "redis", "-H", "127.0.0.1", "-p", "6379"), "tcp -p 6379", true],
    [thing("certificate", "443"), "tls-certificate -H web1", true],
    [thing("certificate", "993"), "tls-certificate -H web1", false],
    [thing("certificate", "443 www.example.org"), "tls-certificate -H www.example.org", true],
    [thing("certificate", "443 www.example.org"), "tls-certificate -H 127.0.0.1 -n mail.example.org", false],
  ] as const) {
    assert.equal(isCovered(found, [service(line)], host), expected, `${found.kind} ${found.key} by ${line}`);
  }
});

test("a service of the proposed name covers it, also a passive one", () => {
  const passive = { name: "port 80", command: null, arguments: [] };
  assert.ok(isCovered(thing("port", "80"), [passive], host));
  assert.ok(!isCovered(thing("port", "81"), [passive], host));
});

test("a report creates, finds again, takes back and marks as gone, each only when it is sure", () => {
  const known: KnownProposal[] = (
    [
      ["filesystem", "/a", "proposed"],
      ["filesystem", "/b", "rejected"],
      ["filesystem", "/gone", "approved"],
      ["port", "22", "proposed"],
      ["port", "80", "approved"],
      ["unit", "nginx.service", "proposed"],
    ] as const
  ).map(([kind, key, phase], index) => ({ id: index + 1, kind, key, phase, vanishedAtMs: null }));
  const plan = planProposals(
    {
      found: [
        thing("filesystem", "/a"),
        thing("filesystem", "/b"),
        thing("filesystem", "/new"),
        thing("filesystem", "/new"),
        thing("port", "22"),
        thing("port", "80"),
      ],
      failed: [{ kind: "unit", message: "systemctl did not answer" }],
    },
    known,
    [service("ssh")],
    host,
  );
  assert.deepEqual(
    plan.create.map(({ key }) => key),
    ["/new"],
  );
  assert.deepEqual(
    plan.seen.map(({ id, phase }) => [id, phase]),
    [
      [1, "proposed"],
      [2, "rejected"],
      // Its service was deleted: somebody decides again.
      [5, "proposed"],
    ],
  );
  assert.deepEqual([plan.vanish, plan.remove, plan.covered], [[3], [4], 1]);
});
