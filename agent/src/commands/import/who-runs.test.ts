import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { requireProbers, tellWhoRuns } from "./who-runs.ts";

const host = (name: string) => ({ kind: "Host" as const, name, spec: {} });
const check = { kind: "Check" as const, name: "disk", spec: { command: "external" } };

describe("who runs imported checks", () => {
  it("is said of hosts without an agent only", () => {
    const agents = new Set(["web1"]);
    assert.equal(tellWhoRuns([host("web1"), check], agents, []), undefined);
    assert.equal(tellWhoRuns([host("db1")], agents, []), undefined);
    assert.equal(
      tellWhoRuns([host("web1"), host("db1"), check], agents, []),
      "1 host has no agent (db1): nobody runs their checks; import again with --prober HOST, and the agent of HOST does",
    );
  });

  it("names the probers in their order, and some of many hosts", () => {
    const hosts = Array.from({ length: 7 }, (_, index) => host(`h${index}`));
    assert.equal(
      tellWhoRuns([...hosts, check], new Set(), ["mon1", "mon2", "mon3"]),
      "7 hosts have no agent (h0, h1, h2, h3, h4 and 2 more): the agent of mon1 runs their checks; while it is away, mon2, then mon3",
    );
  });

  it("needs probers with an agent", () => {
    requireProbers(["mon1"], new Set(["mon1"]));
    assert.throws(() => requireProbers(["mon1", "mon2"], new Set(["mon1"])), /--prober mon2: .* \(mon1 has one\)/);
    assert.throws(() => requireProbers(["mon2"], new Set()), /no host of this name has an agent; enrol/);
  });
});
