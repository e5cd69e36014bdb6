import assert from "node:assert/strict";
import { test } from "node:test";
import { senderDefinition } from "../log-receiver/testing/test-receiver.ts";
import { createHostDirectory } from "./host-directory.ts";
import { compileLogSenders, findOpenSender } from "./log-senders.ts";

const definitions = [
  { name: "b office", networks: ["192.0.2.0/24", "2001:db8::/32", "not a network", "192.0.2.0/99", "203.0.113.5"] },
  { name: "a everybody", networks: ["0.0.0.0/0"], protocols: ["http" as const] },
  { name: "signs in", username: "u", password: "p", networks: ["192.0.2.0/24"] },
  { name: "shares a key", secret: "s" },
  { name: "half a user", username: "u" },
  { name: "off", isEnabled: false, networks: ["0.0.0.0/0"] },
].map(senderDefinition);

test("who proves nothing is let in by its networks: the first by name; syslog also those that sign in elsewhere", () => {
  const senders = compileLogSenders(definitions);
  const found = (protocol: "forward" | "syslog" | "http", address: string) =>
    findOpenSender(senders, protocol, address)?.identity.name;
  assert.deepEqual(
    [
      found("forward", "192.0.2.77"),
      found("forward", "::ffff:192.0.2.77"),
      found("forward", "2001:db8:1::1"),
      found("forward", "203.0.113.5"),
      found("forward", "203.0.113.6"),
      found("http", "192.0.2.77"),
      found("http", "2001:db8:1::1"),
      found("syslog", "192.0.2.77"),
      found("syslog", "no address"),
    ],
    ["b office", "b office", "b office", "b office", undefined, "a everybody", "b office", "b office", undefined],
  );
  const signsIn = compileLogSenders(definitions.filter(({ name }) => name === "signs in"));
  assert.equal(findOpenSender(signsIn, "forward", "192.0.2.77"), undefined);
  assert.equal(findOpenSender(signsIn, "syslog", "192.0.2.77")?.identity.name, "signs in");
});

test("proving lets in from everywhere, or from the networks that are named; half of what it takes from nowhere", () => {
  const byName = new Map(compileLogSenders(definitions).map((sender) => [sender.identity.name, sender]));
  const may = (name: string, address: string) => byName.get(name)?.mayProveAt(address);
  assert.deepEqual(
    [may("shares a key", "198.51.100.1"), may("signs in", "198.51.100.1"), may("signs in", "192.0.2.1")],
    [true, false, true],
  );
  assert.deepEqual([may("half a user", "192.0.2.1"), may("b office", "192.0.2.1")], [false, false]);
  assert.equal(byName.has("off"), false);
});

test("another definition is another sender: who is connected by the old one is found out", () => {
  const [before, after, same] = [{ password: "p" }, { password: "q" }, { password: "p" }].map(
    (some) => compileLogSenders([senderDefinition({ username: "u", ...some })])[0]?.version,
  );
  assert.notEqual(before, after);
  assert.equal(before, same);
});

test("a host is found by its name in any case, its short name, or an address that is its alone", () => {
  const hosts = createHostDirectory([
    { id: 1, name: "Web1", address: "192.0.2.1", customer: "acme" },
    { id: 2, name: "web1.example.org", address: "192.0.2.2", customer: null },
    { id: 3, name: "db", address: "192.0.2.2", customer: null },
  ]);
  const name = (text: string) => hosts.byName(text)?.id;
  assert.deepEqual(
    [name("WEB1"), name("web1.example.org"), name("web1.example.net"), name(".web1"), name("w"), name("db.a.b")],
    [1, 2, 1, undefined, undefined, 3],
  );
  const address = (text: string) => hosts.byAddress(text)?.id;
  assert.deepEqual(
    [address("::ffff:192.0.2.1"), address("192.0.2.2"), address("192.0.2.9")],
    [1, undefined, undefined],
  );
  assert.equal(hosts.byId(3)?.name, "db");
});
