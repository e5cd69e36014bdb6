import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { runInTest } from "../run-in-test.ts";
import { parseAptSimulation } from "./parse-apt.ts";

/** As apt 2.6 and Ubuntu's apt 2.4 print them. */
const SIMULATION = `NOTE: This is only a simulation!
Inst libc6 [2.36-9+deb12u8] (2.36-9+deb12u9 Debian:12.8/stable [amd64])
Inst openssl [3.0.14-1] (3.0.15-1~deb12u1 Debian-Security:12/stable-security [amd64])
Inst libnew (1.0-1 Debian:12.8/stable [amd64]) []
Inst curl [7.81.0-1] (7.81.0-1ubuntu1.20 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/jammy-security [amd64])
Conf libc6 (2.36-9+deb12u9 Debian:12.8/stable [amd64])
`;

describe("updates", () => {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-apt-"));
  after(() => rmSync(folder, { recursive: true }));
  const program = (name: string, script: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${script}`);
    chmodSync(path, 0o755);
    return path;
  };
  const full = program("full", `cat <<'END'\n${SIMULATION}END\n`);
  const none = program("none", "exit 0\n");
  const broken = program("broken", "echo 'E: dpkg was interrupted' >&2; exit 100\n");
  const ask = (apt: string, line: string) => runInTest("updates", `--apt-get ${apt} --lists ${folder} ${line}`);

  test("reads names, versions and origins", () => {
    assert.deepEqual(
      parseAptSimulation(SIMULATION).map(({ name, installedVersion, isSecurity }) => [
        name,
        installedVersion,
        isSecurity,
      ]),
      [
        ["libc6", "2.36-9+deb12u8", false],
        ["openssl", "3.0.14-1", true],
        ["libnew", undefined, false],
        ["curl", "7.81.0-1", true],
      ],
    );
  });

  const table: [string, string, number, RegExp][] = [
    [full, "", 2, /^UPDATES CRITICAL - 4 updates pending, 2 security: openssl, curl$/],
    [full, "-i ^lib", 1, /^UPDATES WARNING - 2 updates pending, 0 security$/],
    [full, "-i ^lib -w 3", 0, /OK/],
    [full, "-i ^lib -o", 0, /OK/],
    [full, "-e . ", 0, /0 updates pending/],
    [full, "-o --warn-only", 1, /^UPDATES WARNING - 4 updates pending, 2 security: openssl, curl$/],
    [full, "-c libc6", 2, /1 critical: libc6/],
    [none, "", 0, /^UPDATES OK - 0 updates pending, 0 security$/],
    [broken, "", 3, /failed with exit code 100: E: dpkg was interrupted/],
    ["/nonexistent/apt-get", "", 3, /this host has no apt-get/],
  ];
  for (const [apt, line, returnCode, output] of table) {
    test(`${apt.split("/").at(-1)} ${line} is ${returnCode}`, async () => {
      const result = await ask(apt, line);
      assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("lists packages, security updates first", async () => {
    const lines = (await ask(full, "-l")).longOutput.split("\n");
    assert.equal(lines[0], "openssl 3.0.14-1 -> 3.0.15-1~deb12u1 (security)");
    assert.equal(lines.length, 4);
  });

  test("warns when nobody has looked for updates for days", async () => {
    const lists = mkdtempSync(join(folder, "lists-"));
    utimesSync(lists, 1_600_000_000, 1_600_000_000);
    const line = `--apt-get ${none} --lists ${lists}`;
    assert.match((await runInTest("updates", line)).output, /^UPDATES WARNING - .*; the package lists are \d+ d/);
    assert.equal((await runInTest("updates", `${line} --list-age 0`)).returnCode, 0);
    assert.match(
      (await runInTest("updates", `--apt-get ${none} --lists /nonexistent`)).output,
      /there are no package lists/,
    );
  });
});
