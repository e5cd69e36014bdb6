import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { describe, test } from "node:test";
import { copyRecordedHost, runInTest } from "../run-in-test.ts";

/** A systemctl that answers as the real one (252) did when these lines were recorded. */
const SYSTEMCTL = `#!/bin/sh
case "$*" in
*list-units*) printf 'backup.service loaded failed failed Nightly backup\\nsession-3.scope loaded failed failed Session 3\\n' ;;
*show*nginx*) printf 'Id=nginx.service\\nLoadState=loaded\\nActiveState=active\\nSubState=running\\nResult=success\\nExecMainStatus=0\\nNRestarts=2\\nActiveEnterTimestamp=Fri 2024-01-05 08:00:00 UTC\\n\\nId=backup.service\\nLoadState=loaded\\nActiveState=failed\\nSubState=failed\\nResult=exit-code\\nExecMainStatus=1\\nNRestarts=0\\nActiveEnterTimestamp=\\n\\nId=gone.service\\nLoadState=not-found\\nActiveState=inactive\\nSubState=dead\\nResult=success\\nNRestarts=0\\n\\nId=slow.service\\nLoadState=loaded\\nActiveState=activating\\nSubState=start\\nResult=success\\nNRestarts=0\\n' ;;
*) echo "Failed to connect to bus" >&2; exit 1 ;;
esac
`;

async function ask(line: string) {
  using host = copyRecordedHost();
  const program = `${host.folder}/systemctl`;
  writeFileSync(program, SYSTEMCTL);
  chmodSync(program, 0o755);
  return await runInTest("systemd", `--systemctl ${program} ${line}`, host);
}

describe("systemd", () => {
  test("names every failed unit", async () => {
    assert.equal(
      (await ask("")).output,
      "SYSTEMD CRITICAL - 2 units failed (critical above 0): backup.service, session-3.scope",
    );
  });

  test("does not count excluded units", async () => {
    assert.equal(
      (await ask("-x ^session- -w 0 -c 5")).output,
      "SYSTEMD WARNING - 1 unit failed (warning above 0): backup.service",
    );
    assert.equal((await ask("-x .")).output, "SYSTEMD OK - no unit has failed");
  });

  test("says of each named unit what it does, the worst first", async () => {
    const result = await ask("-u nginx -u backup -u gone -u slow");
    assert.deepEqual(result.output.split("; "), [
      "SYSTEMD CRITICAL - backup.service is failed (failed): exit-code, exit status 1",
      "gone.service is not installed",
      "slow.service is activating (start)",
      "nginx.service is active (running) since Fri 2024-01-05 08:00:00 UTC, restarted 2 times",
    ]);
  });

  test("is UNKNOWN when systemctl fails", async () => {
    assert.equal((await ask("-u other")).output, "SYSTEMD UNKNOWN - systemctl failed: Failed to connect to bus");
  });

  test("says what PID 1 is where systemd does not run", async () => {
    using host = copyRecordedHost();
    writeFileSync(`${host.procRoot}/1/comm`, "tini\n");
    const result = await runInTest("systemd", "-u nginx", host);
    assert.equal(
      result.output,
      "SYSTEMD UNKNOWN - systemd is not running on this host (PID 1 is tini), so nothing is known of nginx",
    );
    assert.equal((await runInTest("systemd", "--absent-ok", host)).returnCode, 0);
  });
});
