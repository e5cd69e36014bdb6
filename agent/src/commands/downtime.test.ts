import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandError } from "../command-line/index.ts";
import { downtimeInput } from "./downtime.ts";

const now = Date.UTC(2026, 10, 22, 20, 15);
const base = { start: "now", comment: "kernel update" };

test("a downtime begins now and lasts as long as --for says", () => {
  assert.deepEqual(downtimeInput({ ...base, host: ["web*"], for: 7_200_000 }, now), {
    selector: { hosts: ["web*"] },
    startAtMs: now,
    endAtMs: now + 7_200_000,
    comment: "kernel update",
  });
});

test("start and end may be instants; groups, labels and services narrow it", () => {
  const flags = {
    ...base,
    group: ["db"],
    label: { env: "prod" },
    service: ["mariadb"],
    start: "+1h",
    end: "2026-11-23T00:00Z",
  };
  const { selector, startAtMs, endAtMs } = downtimeInput(flags, now);
  assert.deepEqual(selector, { groups: ["db"], labels: { env: "prod" }, services: ["mariadb"] });
  assert.equal(startAtMs, now + 3_600_000);
  assert.equal(endAtMs, Date.UTC(2026, 10, 23));
});

test("what is left open is asked for, nothing is guessed", () => {
  const cases = [
    { flags: { ...base, for: 1000 }, words: /which hosts\?/ },
    { flags: { ...base, host: ["a"] }, words: /until when\?/ },
    { flags: { ...base, host: ["a"], for: 1000, end: "+1h" }, words: /not both/ },
    { flags: { ...base, host: ["a"], for: 1000, start: "tomorrow" }, words: /--start is "tomorrow"/ },
  ];
  for (const { flags, words } of cases) {
    assert.throws(
      () => downtimeInput(flags, now),
      (error: unknown) => error instanceof CommandError && error.exitCode === 64 && words.test(error.message),
    );
  }
});
