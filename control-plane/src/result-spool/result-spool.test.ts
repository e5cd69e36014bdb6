import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { PassiveCheckResult } from "@mycloud/protocol/check-result";
import fc from "fast-check";
import { pino } from "pino";
import { UnavailableError } from "../error/index.ts";
import { createResultSpool } from "./create-result-spool.ts";
import { parseResultFile } from "./parse-result-file.ts";

const file = `### Active Check Result File ###
file_time=1700000000

### Nagios Service Check Result ###
# Time: Tue Nov 14 22:13:20 2023
host_name=web1
service_description=disk
check_type=1
check_options=0
scheduled_check=1
latency=0.1
start_time=1700000000.500000
finish_time=1700000001.750000
early_timeout=0
exited_ok=1
return_code=2
output=DISK CRITICAL|used=97%\\nsecond line = with equals

host_name=web1
return_code=0
output=up
`;

describe("a check-result file", () => {
  it("holds results with times, codes and several lines of output", () => {
    const parsed = parseResultFile(file);
    assert.deepEqual(parsed.isReadable && parsed.results, [
      {
        host: "web1",
        service: "disk",
        returnCode: 2,
        output: "DISK CRITICAL|used=97%\nsecond line = with equals",
        checkedAtMs: 1_700_000_000_500,
        executionTimeSeconds: 1.25,
      },
      { host: "web1", returnCode: 0, output: "up" },
    ]);
  });

  for (const [what, text, returnCode, output] of [
    [
      "ended early",
      "early_timeout=1\nstart_time=10\nfinish_time=70",
      2,
      "(Service check timed out after 60.00 seconds)",
    ],
    ["that did not exit", "exited_ok=0", 2, "(Service check did not exit properly)"],
  ] as const) {
    it(`says of a plugin ${what} what Nagios says`, () => {
      const parsed = parseResultFile(`host_name=a\nservice_description=b\nreturn_code=0\noutput=x\n${text}\n`);
      assert.ok(parsed.isReadable);
      assert.deepEqual([parsed.results[0]?.returnCode, parsed.results[0]?.output], [returnCode, output]);
    });
  }

  for (const text of [
    "host_name=a\n",
    "return_code=1\n",
    "rubbish",
    "host_name=a\nreturn_code=x\n",
    "host_name=a\nreturn_code=1\nstart_time=yesterday\n",
  ]) {
    it(`${JSON.stringify(text)} cannot be read`, () => assert.ok(!parseResultFile(text).isReadable));
  }

  it("whatever it holds, reading does not throw", () => {
    const line = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc.constantFrom("host_name=a", "return_code=1", "", "output=", "start_time=1"),
    );
    fc.assert(fc.property(fc.array(line, { maxLength: 30 }), (lines) => void parseResultFile(lines.join("\n"))));
  });
});

describe("the check-result directory", () => {
  let directory = "";
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "mycloud-spool-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it("stores whole files oldest first and deletes them, moves damaged ones aside, and leaves the rest", async () => {
    const stored: (PassiveCheckResult & { batchId: string | undefined })[] = [];
    const logged: string[] = [];
    let isDown = true;
    const spool = createResultSpool({
      directory,
      mayRegister: false,
      logger: pino({ level: "warn" }, { write: (line: string) => void logged.push(line) }),
      commands: {
        async storeResults(results, _operator, batchId) {
          if (isDown) throw new UnavailableError("the database is away");
          stored.push(...results.map((result) => ({ ...result, batchId })));
          return results.map(() => ({ isDone: true, message: "" }));
        },
      },
    });
    const write = (name: string, text: string) => writeFile(join(directory, name), text);
    await write("cBBBBBB", "host_name=first\nreturn_code=0\noutput=\n");
    await write("cBBBBBB.ok", "");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await write("cAAAAAA", file);
    await write("cAAAAAA.ok", "");
    await write("cUNDONE", file);
    await write("cDAMAGE", "host_name=a\nretu");
    await write("cDAMAGE.ok", "");
    await write("other.ok", "");
    await symlink("/etc/passwd", join(directory, "cSYMLNK"));
    await write("cSYMLNK.ok", "");

    await spool.look();
    assert.equal((await readdir(directory)).filter((name) => name.startsWith("cB")).length, 2);
    isDown = false;
    await spool.look();
    assert.deepEqual(
      stored.map(({ host }) => host),
      ["first", "web1", "web1"],
    );
    assert.equal(new Set(stored.map(({ batchId }) => batchId)).size, 2);
    assert.deepEqual((await readdir(directory)).sort(), [
      "cDAMAGE.damaged",
      "cSYMLNK",
      "cSYMLNK.ok",
      "cUNDONE",
      "other.ok",
    ]);
    assert.equal(logged.length, 1);
    assert.match(logged[0] ?? "", /moved aside/);
    await spool.look();
    assert.equal(stored.length, 3);
  });
});
