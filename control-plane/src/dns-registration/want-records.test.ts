import assert from "node:assert/strict";
import { test } from "node:test";
import { DnsRegistrationInput } from "@mycloud/protocol/dns-zone";
import type { StoredRrset } from "../dns-zone/rrset-values.ts";
import { nameKeyOf, zoneNameOf } from "../dns-zone/zone-name.ts";
import { chooseWishes } from "./choose-wishes.ts";
import { hostOwnerName } from "./host-owner-name.ts";
import { type RegisteringHost, wantRecords } from "./want-records.ts";

const zone = (id: number, name: string, customer: string | null = null) =>
  ({ id, name, view: null, kind: "primary", customer }) as const;
const zones = [
  zone(1, "example.org."),
  zone(2, "2.0.192.in-addr.arpa."),
  zone(3, "128/26.2.0.192.in-addr.arpa."),
  zone(4, "acme.example.", "acme"),
  zone(5, "8.b.d.0.1.0.0.2.ip6.arpa."),
];
const host = (id: number, name: string, addresses: readonly string[], more: Partial<RegisteringHost> = {}) => ({
  ...{ id, name, customer: null, groups: [], labels: {}, services: new Set<string>() },
  addresses: addresses.map((address) => ({ address, goneAtMs: null })),
  ...more,
});
const registration = (more: object = {}) =>
  DnsRegistrationInput.parse({
    name: "all",
    zone: "example.org",
    prefixes: ["192.0.2.0/24", "2001:db8::/32"],
    ...more,
  });
const want = (hosts: readonly RegisteringHost[], registrations = [registration()], nowMs = 0) =>
  wantRecords({ registrations, hosts, zones, nowMs });
const lines = (wanted: ReturnType<typeof wantRecords>) =>
  [...wanted.rrsets].flatMap(([id, rrsets]) =>
    rrsets.flatMap(({ name, type, records }) => records.map(({ data }) => `${id} ${name} ${type} ${data}`)),
  );

test("addresses within the prefixes become A and AAAA, with PTR in the closest reverse zone", () => {
  const wanted = want([
    host(1, "web1.example.org", ["192.0.2.130", "192.0.2.5", "10.0.0.1", "127.0.0.1", "2001:DB8::1"]),
  ]);
  assert.deepEqual(lines(wanted), [
    "1 web1 A 192.0.2.130",
    "1 web1 A 192.0.2.5",
    "1 web1 AAAA 2001:db8::1",
    "3 130 PTR web1.example.org.",
    "2 5 PTR web1.example.org.",
    "5 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR web1.example.org.",
  ]);
  assert.deepEqual(wanted.problems, []);
});

test("roles become SRV records of all their hosts, which follow the service that the host has", () => {
  const roles = [{ selector: { groups: ["web"] }, service: "_http", port: 80, weight: 5 }];
  const hosts = [
    host(1, "a", ["192.0.2.1"], { groups: ["web"], services: new Set(["http"]) }),
    host(2, "b", ["192.0.2.2"], { groups: ["web"] }),
    host(3, "c", ["192.0.2.3"]),
  ];
  const { rrsets } = want(hosts, [registration({ roles, healthService: "http", makesPtr: false })]);
  const srv = rrsets.get(1)?.find(({ type }) => type === "SRV");
  assert.equal(srv?.name, "_http._tcp");
  assert.deepEqual(srv.records, [
    { data: "0 5 80 a.example.org.", service: { host: "a", service: "http" } },
    { data: "0 5 80 b.example.org." },
  ]);
});

test("of two hosts with one name, or one address, the older one has it, and the other is told", () => {
  const wanted = want([host(2, "web.b", ["192.0.2.2"]), host(1, "web.a", ["192.0.2.1"]), host(3, "x", ["192.0.2.1"])]);
  assert.deepEqual(lines(wanted), ["1 web A 192.0.2.1", "1 x A 192.0.2.1", "2 1 PTR web.example.org."]);
  assert.deepEqual(
    wanted.problems.map(({ host: name, message }) => [name, message]),
    [
      ["web.b", "web in example.org. is the name of the host web.a already"],
      ["x", "the PTR record of 192.0.2.1 is web.example.org., of the host web.a"],
    ],
  );
});

test("a customer's host is in its customer's zone, and in others only where the registration says so", () => {
  const hosts = [host(1, "shop", ["192.0.2.1"], { customer: "acme" })];
  assert.match(want(hosts).problems[0]?.message ?? "", /may not be in the zone example\.org\./);
  assert.deepEqual(lines(want(hosts)), []);
  assert.deepEqual(lines(want(hosts, [registration({ zone: "acme.example" })])), [
    "4 shop A 192.0.2.1",
    "2 1 PTR shop.acme.example.",
  ]);
  assert.equal(lines(want(hosts, [registration({ customers: ["acme"] })])).length, 2);
});

test("an address that is gone stays for the stated time, and it is said when it leaves", () => {
  const hosts = [host(1, "a", [], { addresses: [{ address: "192.0.2.1", goneAtMs: 1_000 }] })];
  const kept = want(hosts, [registration({ removeAfterSeconds: 60 })], 60_999);
  assert.equal(lines(kept).length, 2);
  assert.equal(kept.nextAtMs, 61_000);
  assert.deepEqual(lines(want(hosts, [registration({ removeAfterSeconds: 60 })], 61_000)), []);
});

test("a zone that is not here, or is another server's, is told", () => {
  const messages = want([], [registration({ name: "a", zone: "nowhere.example" })]).problems;
  assert.deepEqual(messages, [{ registration: "a", host: null, message: "the zone nowhere.example is not here" }]);
});

test("names of hosts become names of the zone", () => {
  for (const [template, name, expected] of [
    ["$name", "web1.dc.example.org", "web1.dc"],
    ["$name", "web1.example.net", "web1"],
    ["$label", "web1.dc.example.org", "web1"],
    ["$label.hosts", "DB 1", "db-1.hosts"],
    ["$name", "example.org", "@"],
    ["$name", "192.0.2.1", null],
    ["$name", "___", null],
    ["$name..x", "a", null],
  ] as const) {
    assert.equal(hostOwnerName(template, name, "example.org."), expected, `${template} ${name}`);
  }
});

test("what is wanted, once it is there, is wanted no more; whatever the hosts are", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const present = new Map<number, StoredRrset[]>();
  for (let round = 0; round < 60; round++) {
    const hosts = Array.from({ length: random(12) }, (_, id) =>
      host(
        id,
        `h${random(8)}${["", ".example.org", ".net"][random(3)]}`,
        Array.from({ length: random(4) }, () =>
          random(3) === 0 ? `2001:db8::${random(9)}` : `192.0.2.${random(256)}`,
        ),
        { groups: random(2) === 0 ? ["web"] : [], services: new Set(random(2) === 0 ? ["http"] : []) },
      ),
    );
    const roles = [{ selector: { groups: ["web"] }, service: "_http", port: 80 }];
    const { rrsets } = want(hosts, [
      registration({ roles, healthService: "http" }),
      registration({ name: "b", nameTemplate: "$label.b" }),
    ]);
    for (const { id, name } of zones) {
      const zoneName = zoneNameOf(name);
      const before = present.get(id) ?? [];
      const { wishes } = chooseWishes(rrsets.get(id) ?? [], before, zoneName);
      const after = new Map(before.map((rrset) => [`${rrset.nameKey} ${rrset.type}`, rrset]));
      for (const { place, owner, values } of wishes) {
        const key = `${nameKeyOf(owner, zoneName)} ${place.type}`;
        if (values === null) after.delete(key);
        else
          after.set(key, {
            ...{ ...place, ...values, nameKey: nameKeyOf(owner, zoneName), id: 0, published: null },
            ...{ source: "registration", revision: 1, changedAtMs: 0 },
          });
      }
      present.set(id, [...after.values()]);
      assert.deepEqual(chooseWishes(rrsets.get(id) ?? [], [...after.values()], zoneName).wishes, []);
      const wantedCount = (rrsets.get(id) ?? []).length;
      assert.equal(after.size, wantedCount, `round ${round}, ${name}`);
    }
  }
});
