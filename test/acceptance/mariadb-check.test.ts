// The mariadb check on a real server, beside check_mysql where that judges the same.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createConnection } from "mariadb";
import { isMariadbInstalled, type MariadbPeer, startMariadb } from "../peers/mariadb.ts";
import { requirePeer } from "../peers/peer.ts";

const MAIN = new URL("../../checks/src/main.ts", import.meta.url).pathname;
const CHECK_MYSQL = "/usr/lib/nagios/plugins/check_mysql";

function run(file: string, args: readonly string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(file, [...args], (error, stdout) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout });
    });
  });
}

const isInstalled = isMariadbInstalled();
if (!isInstalled && process.env.CI === "true")
  throw new Error("mariadbd is missing; Debian package mariadb-server installs it");

describe("the mariadb check", { skip: isInstalled ? false : "mariadbd is missing" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-mariadb-check-"));
  const passwordFile = join(folder, "password");
  let peer: MariadbPeer;
  let port = "";
  before(async () => {
    writeFileSync(passwordFile, "right password\n");
    peer = await startMariadb();
    port = new URL(peer.url).port;
    const connection = await createConnection(peer.url);
    await connection.query("create or replace user watcher@'127.0.0.1' identified by 'right password'");
    await connection.end();
  });
  after(async () => {
    await peer.stop();
    rmSync(folder, { recursive: true });
  });
  const check = (...more: string[]) =>
    run(process.execPath, [
      MAIN,
      "check",
      "mariadb",
      "-P",
      port,
      "-u",
      "watcher",
      "--password-file",
      passwordFile,
      ...more,
    ]);

  test("says version, connections and uptime of a server that is well", async () => {
    const { code, stdout } = await check();
    assert.match(
      stdout,
      /^MARIADB OK - 127.0.0.1 port \d+ \(1\d\.[^)]*MariaDB[^)]*\): \d+ connections? of \d+ \([\d.]+%\), up \d+ /,
    );
    assert.match(stdout, / \| connections=[\d.]+%;85;95;0;100 threads_connected=\d+;;;0 /);
    assert.equal(code, 0);
  });

  test("judges connections in use", async () => {
    const { code, stdout } = await check("-w", "0", "-c", "90");
    assert.match(stdout, /^MARIADB WARNING - .*\(warning above 0%\)/);
    assert.equal(code, 1);
  });

  test("is CRITICAL for a server that is no replica when -S asks for one, as check_mysql", async (context) => {
    const result = await run(process.execPath, [MAIN, "check", "mariadb", "-P", port, "-u", "root", "-S"]);
    assert.match(result.stdout, /^MARIADB CRITICAL - .*this server is no replica/);
    if (!requirePeer(context, CHECK_MYSQL, "monitoring-plugins-standard")) return;
    const theirs = await run(CHECK_MYSQL, ["-H", "127.0.0.1", "-P", port, "-u", "root", "-S"]);
    assert.equal(theirs.code === 0, result.code === 0, theirs.stdout);
  });

  test("is CRITICAL for a wrong password, as check_mysql, and does not show it", async (context) => {
    const wrong = join(folder, "wrong");
    writeFileSync(wrong, "wrong password\n");
    const args = ["check", "mariadb", "-P", port, "-u", "watcher", "--password-file", wrong];
    const { code, stdout } = await run(process.execPath, [MAIN, ...args]);
    assert.match(stdout, /^MARIADB CRITICAL - 127.0.0.1 port \d+: .*Access denied for user 'watcher'/);
    assert.doesNotMatch(stdout, /wrong password/);
    if (!requirePeer(context, CHECK_MYSQL, "monitoring-plugins-standard")) return;
    const theirs = await run(CHECK_MYSQL, ["-H", "127.0.0.1", "-P", port, "-u", "watcher", "-p", "wrong password"]);
    assert.equal(code, theirs.code, theirs.stdout);
  });

  test("is CRITICAL for a database that is not there", async () => {
    const { code, stdout } = await check("-d", "nowhere");
    assert.match(stdout, /nowhere/);
    assert.equal(code, 2);
  });
});
