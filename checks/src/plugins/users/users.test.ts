import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";

const RECORD_BYTES = process.arch === "arm64" ? 400 : 384;

/** A utmp record: type 7 is a user's login, 8 one that has ended. */
function record(type: number, user: string): Buffer {
  const bytes = Buffer.alloc(RECORD_BYTES);
  bytes.writeInt16LE(type, 0);
  bytes.write(user, 44);
  return bytes;
}

describe("users", () => {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-users-"));
  after(() => rmSync(folder, { recursive: true }));
  const utmp = join(folder, "utmp");
  const sessions = join(folder, "sessions");
  writeFileSync(
    utmp,
    Buffer.concat([record(2, "reboot"), record(7, "ada"), record(7, "bob"), record(7, "ada"), record(8, "eve")]),
  );
  mkdirSync(sessions);
  writeFileSync(join(sessions, "1"), "UID=1000\nUSER=carol\nCLASS=user\nSTATE=active\n");
  writeFileSync(join(sessions, "2"), "USER=gdm\nCLASS=greeter\n");
  writeFileSync(join(sessions, "3"), "USER=dave\nCLASS=user\nSTATE=closing\n");
  writeFileSync(join(sessions, "1.ref"), "");

  const table: [string, number, string][] = [
    [`--utmp ${utmp}`, 0, "USERS OK - 3 users logged in: ada, bob"],
    [`--utmp ${utmp} -w 2 -c 5`, 1, "USERS WARNING - 3 users logged in (warning above 2): ada, bob"],
    [`--utmp /nonexistent --sessions ${sessions}`, 0, "USERS OK - 1 user logged in: carol"],
    [
      "--utmp /nonexistent --sessions /nonexistent",
      0,
      "USERS OK - 0 users logged in (this host keeps no record of logins)",
    ],
  ];
  for (const [line, returnCode, output] of table) {
    test(output, async () => {
      const result = await runInTest("users", line);
      assert.deepEqual([result.returnCode, result.output], [returnCode, output]);
    });
  }
});
