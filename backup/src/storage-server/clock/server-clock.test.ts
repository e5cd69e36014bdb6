import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openServerClock, readUptimeMs } from "./index.ts";

const hourMs = 3_600_000;
const yearMs = 365 * 24 * hourMs;

function machine() {
  const time = { wallMs: 1_700_000_000_000, monotonicMs: 5_000 };
  return {
    now: () => time.wallMs,
    monotonicNow: () => time.monotonicMs,
    pass(ms: number) {
      time.wallMs += ms;
      time.monotonicMs += ms;
    },
    jump(ms: number) {
      time.wallMs += ms;
    },
  };
}

async function clockFile(t: { after(action: () => Promise<void>): void }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mycloud-clock-"));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, "clock.json");
}

test("uptime counts time that passes, whatever the wall clock does", async (t) => {
  const source = machine();
  const clock = await openServerClock(await clockFile(t), source);
  source.pass(hourMs);
  source.jump(yearMs);
  assert.equal(clock.uptimeMs(), hourMs);
  source.jump(-2 * yearMs);
  source.pass(hourMs);
  assert.equal(clock.uptimeMs(), 2 * hourMs);
});

test("uptime goes on after a restart and does not count the time between", async (t) => {
  const source = machine();
  const file = await clockFile(t);
  const first = await openServerClock(file, source);
  source.pass(hourMs);
  await first.persist();
  source.pass(5 * hourMs);
  assert.equal((await openServerClock(file, source)).uptimeMs(), hourMs);
  assert.equal(await readUptimeMs(file), hourMs);
});

test("cautious time follows an honest clock exactly", async (t) => {
  const source = machine();
  const clock = await openServerClock(await clockFile(t), source);
  source.pass(7 * hourMs);
  assert.equal(clock.cautiousNowMs(), source.now());
});

test("cautious time gains no more than an hour in an hour after a jump ahead, and stands after a jump back", async (t) => {
  const source = machine();
  const clock = await openServerClock(await clockFile(t), source);
  const before = clock.cautiousNowMs();
  source.jump(yearMs);
  source.pass(hourMs);
  assert.equal(clock.cautiousNowMs(), before + 2 * hourMs);
  source.jump(-2 * yearMs);
  source.pass(hourMs);
  assert.equal(clock.cautiousNowMs(), before + 2 * hourMs);
});

test("a clock a year ahead at the start adds at most two days", async (t) => {
  const source = machine();
  const file = await clockFile(t);
  const first = await openServerClock(file, source);
  const before = first.cautiousNowMs();
  await first.persist();
  source.jump(yearMs);
  assert.equal((await openServerClock(file, source)).cautiousNowMs(), before + 48 * hourMs);
});

test("a damaged file starts uptime anew, and what was stamped before sets it right", async (t) => {
  const file = await clockFile(t);
  await writeFile(file, "\0\0");
  const clock = await openServerClock(file, machine());
  assert.equal(clock.uptimeMs(), 0);
  clock.atLeast(9_000);
  assert.equal(clock.uptimeMs(), 9_000);
});
