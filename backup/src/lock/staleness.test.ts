import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lock } from "./lock-file.ts";
import { identify, isAlive, presentProcess, uptimeSeconds } from "./process-identity.ts";
import { judgeLock, type KnownProcesses } from "./staleness.ts";

const now = Date.UTC(2030, 0, 1, 12);
const minute = 60_000;
const year = 365 * 24 * 3600 * 1000;

/** Host `here`, boot `boot1`, up for 10,000 s; process 10 lives, 11 does not. */
const processes: KnownProcesses = {
  self: { hostname: "here", username: "u", uid: 0, gid: 0, pid: 1, process: "boot1/pids/5" },
  isAlive: (pid) => pid === 10,
  identify: (pid) => (pid === 10 ? "boot1/pids/77" : null),
  uptimeSeconds: () => 10_000,
};

const lock = (changes: Partial<Lock> & { ageMs?: number }): Lock => {
  const { ageMs = minute, ...rest } = changes;
  const time = new Date(now - ageMs).toISOString();
  return {
    id: "0".repeat(64),
    time,
    isExclusive: false,
    hostname: "here",
    username: "u",
    pid: 10,
    process: null,
    uptimeSeconds: null,
    ...rest,
  };
};

const ours = { process: "boot1/pids/77", uptimeSeconds: 9_990 };

const table: [string, ReturnType<typeof lock>, string][] = [
  ["restic's lock of a live process here", lock({}), "held"],
  ["restic's lock of a dead process here", lock({ pid: 11 }), "stale"],
  ["restic's lock on another host", lock({ hostname: "there", pid: 11 }), "held"],
  [
    "restic's lock on another host, not refreshed for 31 minutes",
    lock({ hostname: "there", ageMs: 31 * minute }),
    "stale",
  ],
  ["restic's lock here, alive, not refreshed for 31 minutes", lock({ ageMs: 31 * minute }), "stale"],
  ["restic's lock from the future", lock({ hostname: "there", ageMs: -year }), "held"],
  ["a lock with no time", lock({ hostname: "there", time: "yesterday" }), "stale"],
  ["our lock of a live process", lock(ours), "held"],
  ["our lock of a live process, after the clock jumped a year ahead", lock({ ...ours, ageMs: year }), "held"],
  ["our lock of a live process, after the clock jumped a year back", lock({ ...ours, ageMs: -year }), "held"],
  ["our lock of a live process that does not refresh it", lock({ ...ours, uptimeSeconds: 10_000 - 31 * 60 }), "stale"],
  ["our lock of a dead process", lock({ ...ours, pid: 11 }), "dead"],
  ["our lock of a dead process, made under a clock a year ahead", lock({ ...ours, pid: 11, ageMs: -year }), "dead"],
  ["our lock of a process whose pid another has now", lock({ ...ours, process: "boot1/pids/76" }), "dead"],
  ["our lock of a process of this host in another pid namespace", lock({ ...ours, process: "boot1/other/77" }), "held"],
  ["our lock of an earlier boot of this host", lock({ ...ours, process: "boot0/pids/77", pid: 11 }), "stale"],
  ["our lock on another host", lock({ hostname: "there", process: "boot9/pids/77", pid: 11 }), "held"],
];

test("locks are judged by process first, by host then, and by clocks last", () => {
  for (const [name, judged, expected] of table) assert.equal(judgeLock(judged, processes, now).kind, expected, name);
});

test("a process is known again, and is not once it has ended", async () => {
  const child = spawn("sleep", ["60"]);
  const identity = identify(child.pid!);
  assert.match(identity ?? "", /^[0-9a-f-]{36}\/pid:\[\d+\]\/\d+$/);
  assert.equal(identify(child.pid!), identity);
  assert.notEqual(identify(process.pid), identity);
  assert.equal(isAlive(child.pid!), true);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  assert.equal(identify(child.pid!), null);
  assert.equal(isAlive(child.pid!), false);
});

test("a process that has ended unnoticed by its parent counts as ended", async () => {
  // The child ends after its parent has become a program that never waits for it, so it stays a zombie.
  const parent = spawn("sh", ["-c", "sleep 0.2 & echo $!; exec sleep 30"]);
  try {
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (text) => resolve(Number(text))));
    assert.notEqual(identify(pid), null);
    const stateOf = () => spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout;
    for (let i = 0; i < 100 && !stateOf().startsWith("Z"); i++) await sleep(50);
    assert.match(stateOf(), /^Z/);
    assert.equal(identify(pid), null);
  } finally {
    parent.kill("SIGKILL");
  }
});

test("this process and this machine are described", () => {
  const { pid, process: identity } = presentProcess();
  assert.equal(pid, process.pid);
  assert.equal(identity, identify(process.pid));
  assert.ok((uptimeSeconds() ?? 0) > 0);
});
