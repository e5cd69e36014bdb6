import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createLogStore } from "../log-store/index.ts";
import { findLogCheckFault, judgeCount, parseLogCheck } from "./command.ts";
import { runLogCheck } from "./run-log-check.ts";

const states = (words: readonly string[], counts: readonly number[]) => {
  const check = parseLogCheck(words);
  return counts.map((count) => judgeCount(check, count));
};

test("a number of records is held against ranges as plugins hold values", () => {
  assert.deepEqual(states(["-q", "refused"], [0, 1, 100]), [0, 1, 1]);
  assert.deepEqual(states(["-q", "refused", "-w", "5", "-c", "20"], [5, 6, 20, 21]), [0, 1, 1, 2]);
  assert.deepEqual(states(["-q", "finished", "-c", "1:"], [0, 1, 50]), [2, 0, 0]);
});

test("what cannot be counted is refused with its reason", () => {
  for (const [words, fault] of [
    [[], /--query QUERY is required/],
    [["-q", "a AND"], /-q\/--query is "a AND"; expected a query \(AND has nothing behind it\)/],
    [["-q", "a", "--window", "0"], /--window is "0"; expected a number of at least 1/],
    [["-q", "a", "-w", "x:y"], /-w\/--warning/],
    [["-q", "a", "--wat"], /unknown option --wat/],
    [["a"], /unexpected argument "a"/],
  ] as const) {
    assert.match(findLogCheckFault("log", words) ?? "", fault);
  }
  assert.equal(findLogCheckFault("log", ["-q", "a", "-w", "$_HOSTLIMIT$"]), null);
  assert.equal(findLogCheckFault("load", ["nonsense"]), null);
});

test("a check counts its own host's records of the window, and none that another customer sent in its name", async () => {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-log-check-"));
  const logger = pino({ level: "silent" });
  const store = await createLogStore({ location: { kind: "sqlite", directory }, logger, registry: new Registry() });
  const nowMs = Date.now();
  const record = (host: string, customer: string | null, agoMs: number) => ({
    timeUs: (nowMs - agoMs) * 1000,
    host,
    hostId: null,
    customer,
    source: "syslog",
    service: "sshd",
    severity: "err" as const,
    facility: null,
    message: "Failed password\nfor root | x",
    fields: {},
  });
  try {
    const records = [
      record("web1", null, 1000),
      record("web1", null, 2000),
      record("web1", null, 900_000),
      record("web2", null, 1000),
      record("web1", "acme", 1000),
    ];
    await store.append({ chunk: null, receivedAtMs: nowMs, records });
    const times = { checkIntervalMs: 1, retryIntervalMs: 1, maxCheckAttempts: 1, checkPeriod: null };
    const run = (words: string[], customer: string | null = null) => {
      const host = { serviceId: 1, hostId: 1, hostName: "web1", customer, ...times };
      return runLogCheck(store, { ...host, check: parseLogCheck(words) }, nowMs, AbortSignal.timeout(60_000));
    };
    assert.deepEqual(await run(["-q", "failed", "-w", "1", "-c", "5"]), {
      state: 1,
      output:
        "LOG WARNING - 2 records in 300 s (warning range 1): failed | records=2;1;5;0\nweb1 sshd: Failed password for root / x\nweb1 sshd: Failed password for root / x",
    });
    assert.match((await run(["-q", "failed"], "acme")).output, /^LOG WARNING - 1 record in/);
    assert.match((await run(["-q", "failed", "--all-hosts"])).output, /^LOG WARNING - 4 records in/);
    assert.match((await run(["-q", "failed", "--window", "3600", "-w", "9"])).output, /^LOG OK - 3 records in 3600 s/);
    assert.match((await run(["-q", "nothing", "-c", "1:"])).output, /^LOG CRITICAL - 0 records/);
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
});
