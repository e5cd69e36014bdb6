import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import { CommandError } from "../command-line/index.ts";
import { agentMetricsAddress } from "./agent-metrics-address.ts";
import { planEnrolment } from "./enrol-this-host.ts";
import { checkListenAddress, formatListenAddress, parseListenAddress } from "./listen-address.ts";
import { formatLogLine } from "./log-line.ts";
import { passedOnOptions } from "./passed-on-options.ts";
import { planRestart } from "./restart-policy.ts";
import { upSettings } from "./up-settings.ts";
import { localUrl } from "./wait-until-ready.ts";

const plain = (_style: string, text: string) => text;

test("addresses are HOST:PORT, IPv6 in brackets", () => {
  for (const text of ["127.0.0.1:8080", "[::1]:8080", "localhost:0"]) {
    assert.equal(formatListenAddress(parseListenAddress(text, "--http")), text);
  }
  for (const wrong of ["8080", ":8080", "127.0.0.1:", "127.0.0.1:70000", "::1:8080", "off"]) {
    assert.throws(() => parseListenAddress(wrong, "--http"), /--http is ".*"; write HOST:PORT/, wrong);
  }
});

test("a taken address is refused with its own exit code", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  t.after(() => taken.close());
  const address = taken.address();
  assert.ok(address !== null && typeof address !== "string");
  await assert.rejects(checkListenAddress({ host: "127.0.0.1", port: address.port }), (error: unknown) => {
    return error instanceof CommandError && error.exitCode === 71 && /is taken by another program/.test(error.message);
  });
});

test("the default address for metrics may be another program's, one that was asked for may not", async (t) => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  t.after(() => taken.close());
  const bound = taken.address();
  assert.ok(bound !== null && typeof bound !== "string");
  const agentMetrics = { host: "127.0.0.1", port: bound.port };
  const stderr = new PassThrough();
  assert.equal(await agentMetricsAddress({ stderr }, { agentMetrics, isAgentMetricsAsked: false }), null);
  assert.match(String(stderr.read()), /is taken, so nobody can fetch this host's metrics; --agent-metrics/);
  await assert.rejects(
    agentMetricsAddress({ stderr }, { agentMetrics, isAgentMetricsAsked: true }),
    /is taken by another program; choose another with --agent-metrics/,
  );
});

test("flags win over the environment, and relative paths start where the person stands", () => {
  const terminal = {
    workingDirectory: "/home/ann",
    environment: { MYCLOUD_STATE_DIR: "/srv/state", MYCLOUD_HTTP: "127.0.0.1:9000" },
  };
  assert.deepEqual(upSettings({}, terminal), {
    stateDir: "/srv/state",
    http: { host: "127.0.0.1", port: 9000 },
    storage: { host: "127.0.0.1", port: 8081 },
    isStorageAsked: false,
    dns: { host: "127.0.0.1", port: 5300 },
    isDnsAsked: false,
    serverEnvironment: {},
    nrpe: null,
    agentMetrics: { host: "127.0.0.1", port: 9273 },
    isAgentMetricsAsked: false,
    isRaw: false,
  });
  const flags = { stateDir: "try", http: "[::1]:9001", storage: "off", dns: "off" };
  assert.deepEqual(upSettings(flags, terminal), {
    stateDir: "/home/ann/try",
    http: { host: "::1", port: 9001 },
    storage: null,
    isStorageAsked: true,
    dns: null,
    isDnsAsked: true,
    serverEnvironment: {},
    nrpe: null,
    agentMetrics: { host: "127.0.0.1", port: 9273 },
    isAgentMetricsAsked: false,
    isRaw: false,
  });
});

test("what is the control plane's own is passed on as it was given, paths resolved", () => {
  const terminal = { workingDirectory: "/home/ann", environment: {} };
  const flags = {
    alertDefaultHost: "prometheus",
    alertSeverities: "page=CRITICAL",
    nscaPasswordFile: "secret",
    nsca: "",
  };
  assert.deepEqual(upSettings(flags, terminal).serverEnvironment, {
    MYCLOUD_ALERT_DEFAULT_HOST: "prometheus",
    MYCLOUD_ALERT_SEVERITIES: "page=CRITICAL",
    MYCLOUD_NSCA_PASSWORD_FILE: "/home/ann/secret",
  });
  for (const { flag, name } of passedOnOptions) {
    const camel = flag
      .split(" ")[0]
      ?.slice(2)
      .replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    assert.equal(camel, name);
  }
});

test("a child that keeps crashing is started ever more rarely, one that lived is started at once", () => {
  let history = { failures: 0 };
  const delays: number[] = [];
  for (let crash = 0; crash < 10; crash++) {
    const plan = planRestart(history, 100, 0.999);
    history = plan.history;
    delays.push(plan.delayMs);
  }
  assert.ok(
    delays.every((delay, at) => delay >= (delays[at - 1] ?? 0) && delay <= 30_000),
    delays.join(" "),
  );
  assert.ok((delays.at(-1) ?? 0) > 25_000);
  assert.ok(planRestart(history, 3_600_000, 0.999).delayMs <= 1000);
});

test("events of the children are readable lines, other lines stay as they are", () => {
  const event = {
    level: 40,
    time: 1_700_000_000_000,
    pid: 1,
    hostname: "h",
    msg: "upload failed",
    attempt: 2,
    err: { message: "refused", stack: "at x" },
  };
  assert.match(
    formatLogLine(JSON.stringify(event), plain),
    /^\d\d:\d\d:\d\d WARN {2}upload failed {2}attempt=2 {2}err=refused$/,
  );
  assert.equal(formatLogLine("plain words", plain), "plain words");
  assert.equal(formatLogLine('{"not":"an event"}', plain), '{"not":"an event"}');
});

test("who listens on every address is asked on the loopback", () => {
  assert.equal(localUrl("http://0.0.0.0:8080"), "http://127.0.0.1:8080");
  assert.equal(localUrl("http://[::]:8080/"), "http://[::1]:8080");
  assert.equal(localUrl("http://192.0.2.1:8080"), "http://192.0.2.1:8080");
});

test("a revoked agent is never let in again by a restart, a new database enrols anew", () => {
  assert.equal(planEnrolment("none").enrol, "yes");
  assert.equal(planEnrolment("known").enrol, "no");
  assert.equal(planEnrolment("unknown-in-empty-inventory").enrol, "anew");
  for (const known of ["revoked", "unknown"] as const) {
    assert.equal(planEnrolment(known).enrol, "no");
    assert.match(planEnrolment(known).remark ?? "", /mycloud enrolment create/);
  }
});
