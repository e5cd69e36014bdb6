import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { closedPort, speaking } from "../../connection/test-servers.ts";
import { runInTest } from "../run-in-test.ts";
import { judgeReplication } from "./replication.ts";

describe("judgeReplication", () => {
  const well = { ioRunning: "Yes", sqlRunning: "Yes", secondsBehind: 5, lastError: "" };
  const thresholds = {
    warning: { start: 0, end: 60, isInside: false },
    critical: { start: 0, end: 600, isInside: false },
  };
  const table: [string, Parameters<typeof judgeReplication>[0], number, string][] = [
    ["a replica that keeps up", well, 0, "replica is 5 s behind"],
    ["a replica that is late", { ...well, secondsBehind: 90 }, 1, "replica is 1 min 30 s behind (warning above 60 s)"],
    [
      "a replica that is very late",
      { ...well, secondsBehind: 900 },
      2,
      "replica is 15 min behind (critical above 600 s)",
    ],
    [
      "a stopped replica",
      { ...well, sqlRunning: "No", secondsBehind: null, lastError: "Duplicate key" },
      2,
      "replication does not run (IO Yes, SQL No): Duplicate key",
    ],
    ["a replica that does not know", { ...well, secondsBehind: null }, 1, "replication runs, but the lag is not known"],
    ["no replica", undefined, 2, "this server is no replica"],
  ];
  for (const [name, replica, returnCode, text] of table) {
    test(`judges ${name}`, () => assert.deepEqual(judgeReplication(replica, thresholds), { returnCode, text }));
  }
});

describe("mariadb without a server", () => {
  test("a refused connection is CRITICAL", async () => {
    const port = await closedPort();
    assert.equal(
      (await runInTest("mariadb", `-P ${port}`)).output,
      `MARIADB CRITICAL - 127.0.0.1 port ${port}: connection refused`,
    );
  });

  test("a server that says nothing times out", async () => {
    await using server = await speaking("");
    const result = await runInTest("mariadb", `-P ${server.port} -t 0.3`);
    assert.match(
      result.output,
      /^MARIADB CRITICAL - timed out after 0.3 s waiting for an answer from the database at 127.0.0.1/,
    );
  });

  test("a password file that is not there is UNKNOWN", async () => {
    const result = await runInTest("mariadb", "--password-file /nonexistent");
    assert.equal(result.returnCode, 3);
    assert.match(result.output, /cannot read \/nonexistent: no such file or directory/);
  });
});
