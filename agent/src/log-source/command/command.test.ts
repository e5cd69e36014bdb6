import assert from "node:assert/strict";
import { test } from "node:test";
import { followLogs } from "../testing/followed-logs.ts";

const input = { type: "command", command: "feed", paths: undefined, startAt: undefined };

test("what a command writes is read, and the command is started again when it ends", async (t) => {
  const logs = followLogs(t);
  const words = ["/bin/sh", "-c", "echo one; printf 'half'; echo why >&2; exit 3"];
  const { sources } = logs.start(input, { commands: { feed: words }, random: () => 0 });
  await logs.until(() => logs.lines.length >= 4);
  assert.deepEqual(logs.lines.slice(0, 4), ["one", "half", "one", "half"]);
  assert.equal(sources.counters().test?.fault, "exit code 3: why");
  assert.equal(logs.warnings.length, 1);
});

test("a command that is not on the host's list is refused", async (t) => {
  const logs = followLogs(t);
  const { sources } = logs.start(input);
  await logs.until(() => sources.counters().test?.refused === 1);
  assert.match(sources.counters().test?.fault ?? "", /logCommands/);
});

test("the agent's own diagnostics are read", async (t) => {
  const logs = followLogs(t);
  let tell: (line: string) => void = () => {};
  const diagnostics = (onLine: (line: string) => void) => {
    tell = onLine;
    return () => {};
  };
  logs.start({ type: "agent", paths: undefined, startAt: undefined }, { diagnostics });
  await logs.until(() => {
    tell("said");
    return logs.lines.includes("said");
  });
});
