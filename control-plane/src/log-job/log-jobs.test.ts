import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { LogDestinationInput, LogSourceInput } from "@mycloud/protocol/log-source";
import { createSealer } from "../sealing/index.ts";
import { forwardCredentials } from "./agent-credentials.ts";
import { findSourceFault } from "./find-source-fault.ts";
import { type ForwardEndpoint, forwardEndpoint } from "./forward-endpoint.ts";
import { planLogJobs } from "./plan-log-jobs.ts";

const credentials = forwardCredentials(createSealer(randomBytes(32)));
const host = { name: "web1", groups: ["web"], labels: {} };
const endpoint: ForwardEndpoint = { host: "logs.example.org", port: 24_224, tls: { serverKeySha256: "pin" } };
const archive = LogDestinationInput.parse({ name: "archive", host: "fluentd.example.org", secret: "s" });

function source(changes: object) {
  return LogSourceInput.parse({
    name: "access",
    selector: {},
    input: { type: "file", paths: ["/var/log/a"] },
    ...changes,
  });
}

function plan(sources: LogSourceInput[], changes: Partial<Parameters<typeof planLogJobs>[0]> = {}) {
  return planLogJobs({ host, agentId: "agent-1", sources, destinations: [archive], endpoint, credentials, ...changes });
}

test("a host gets the enabled sources whose selectors match it, and only the destinations that they name", () => {
  const jobs = plan([
    source({ selector: { groups: ["web"] } }),
    source({ name: "off", isEnabled: false }),
    source({ name: "elsewhere", selector: { hosts: ["db*"] } }),
  ]);
  assert.deepEqual(
    jobs?.jobs.map(({ name, destinations }) => [name, destinations]),
    [["access", ["control-plane"]]],
  );
  assert.deepEqual(
    jobs?.destinations.map(({ name }) => name),
    ["control-plane"],
  );
  assert.equal(plan([source({ selector: { hosts: ["db*"] } })]), undefined);
});

test("the destination control-plane has the receiver's address and pin, and credentials that are the agent's own", () => {
  const [mine] = plan([source({})])?.destinations ?? [];
  const [other] = plan([source({})], { agentId: "agent-2" })?.destinations ?? [];
  assert.deepEqual(
    { host: mine?.host, port: mine?.port, tls: mine?.tls, pin: mine?.serverKeySha256, username: mine?.username },
    { host: "logs.example.org", port: 24_224, tls: { ca: null, serverName: null }, pin: "pin", username: "agent-1" },
  );
  assert.equal(mine?.secret, other?.secret);
  assert.notEqual(mine?.password, other?.password);
  assert.equal(mine?.password, credentials.passwordOf("agent-1"));
});

test("while the receiver is off, what goes elsewhere still does", () => {
  const both = source({ destinations: ["archive"] });
  assert.deepEqual(plan([both], { endpoint: null })?.jobs[0]?.destinations, ["archive"]);
  assert.equal(plan([source({})], { endpoint: null }), undefined);
});

test("a queue with one way out waits; with several, one that is away does not stop the others", () => {
  assert.equal(plan([source({})])?.queue.whenFull, "block");
  assert.equal(plan([source({ destinations: ["archive"] })])?.queue.whenFull, "drop-oldest");
});

test("agents are sent where they reach the receiver", () => {
  const listener = { host: "0.0.0.0", port: 24_224 };
  const publicUrl = "https://mycloud.example.org:8443";
  for (const [of, expected] of [
    [{ configured: { host: "logs", port: 1 }, listener, publicUrl }, "logs:1"],
    [{ configured: null, listener: { host: "127.0.0.1", port: 5 }, publicUrl }, "127.0.0.1:5"],
    [{ configured: null, listener, publicUrl }, "mycloud.example.org:24224"],
    [{ configured: null, listener: { host: "192.0.2.1", port: 7 }, publicUrl: null }, "192.0.2.1:7"],
  ] as const) {
    const { host: name, port } = forwardEndpoint({ ...of, tls: null });
    assert.equal(`${name}:${port}`, expected);
  }
});

test("what can never work is found: patterns, encodings, time zones", () => {
  for (const [changes, field] of [
    [{}, undefined],
    [{ parser: { type: "regex", pattern: "(?<a>x" } }, "parser.pattern"],
    [{ parser: { type: "regex", pattern: "(x)" } }, "parser.pattern"],
    [{ sieve: { exclude: ["ok", "["] } }, "sieve.exclude.1"],
    [{ redaction: { custom: [{ pattern: "*" }] } }, "redaction.custom.0.pattern"],
    [{ input: { type: "file", paths: ["/a"], encoding: "utf-9" } }, "input.encoding"],
    [{ input: { type: "command", command: "c", multiline: { start: "(" } } }, "input.multiline.start"],
    [{ mapping: { timeZone: "Mars/Olympus" } }, "mapping.timeZone"],
  ] as const) {
    assert.equal(findSourceFault(source(changes))?.field, field);
  }
});
