import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { beginHeadStart, planHeadStart } from "./head-start.ts";

const file = { file: "pw" };
const text = { text: "geheim" };
const environment = { MYCLOUD_REPOSITORY: "/r", RESTIC_PASSWORD: "geheim" };

describe("what is begun before the command line is understood", () => {
  const cases = [
    ["repo snapshots -r /r -p pw", {}, { directory: "/r", password: file, keyHint: null }],
    ["repo -r/r snapshots -ppw", {}, { directory: "/r", password: file, keyHint: null }],
    ["repo ls --repo=/r --password-file=pw", {}, { directory: "/r", password: file, keyHint: null }],
    ["repo ls --repo /old --repo local:r -p pw", {}, { directory: "r", password: file, keyHint: null }],
    ["repo ls", environment, { directory: "/r", password: text, keyHint: null }],
    ["repo ls -p pw --key-hint 12", environment, { directory: "/r", password: file, keyHint: "12" }],
    [
      "repo ls -p pw",
      { ...environment, RESTIC_PASSWORD_COMMAND: "pass" },
      { directory: "/r", password: file, keyHint: null },
    ],
    [
      "repo ls",
      { RESTIC_REPOSITORY: "r", MYCLOUD_PASSWORD_FILE: "pw", RESTIC_KEY_HINT: "1" },
      { directory: "r", password: file, keyHint: "1" },
    ],
    [
      "repo backup --stdin-from-command -- dump -p other -r /else",
      environment,
      { directory: "/r", password: text, keyHint: null },
    ],
    ["repo ls", { ...environment, RESTIC_PASSWORD_COMMAND: "pass" }, null],
    ["repo ls --password-command pass", environment, null],
    ["repo ls --repository-file f", environment, null],
    ["repo ls -r rest:http://localhost/ -p pw", {}, null],
    ["repo ls -r /r", {}, null],
    ["repo ls -p pw", {}, null],
    ["repo ls --help", environment, null],
    ["host list", environment, null],
    ["", environment, null],
  ] as const;
  for (const [words, given, plan] of cases) {
    it(`is ${plan === null ? "nothing" : "the password's stretching"} for: ${words} ${Object.keys(given).join(" ")}`, () => {
      assert.deepEqual(planHeadStart(words.split(" "), given), plan);
    });
  }
});

describe("the password of a head start", () => {
  const directory = mkdtempSync(join(tmpdir(), "head-start-"));
  after(() => rmSync(directory, { recursive: true }));
  const salt = Buffer.alloc(64);
  mkdirSync(join(directory, "keys"));
  writeFileSync(
    join(directory, "keys", "1".repeat(64)),
    JSON.stringify({ N: 2, r: 1, p: 1, salt: salt.toString("base64") }),
  );
  const begin = (name: string) => beginHeadStart(["repo", "ls", "-r", ".", "-p", name], {}, directory);

  it("is that of the file, without what does not count", () => {
    writeFileSync(join(directory, "pw"), "\ufeff geheim\r\n");
    assert.ok(begin("pw")?.take("geheim", salt, { N: 2, r: 1, p: 1 }));
  });

  it("is not taken out of a pipe, where the command would miss it", () => {
    execFileSync("mkfifo", [join(directory, "pipe")]);
    assert.equal(begin("pipe"), null);
    assert.equal(begin("missing"), null);
  });
});
