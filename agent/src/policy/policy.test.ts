import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { closedPolicy, defaultPolicy, loadPolicy, refusalOfCheck } from "./policy.ts";

function policyFile(content: string): string {
  const path = join(testDirectory(), "policy.yaml");
  writeFileSync(path, content);
  return path;
}

test("without a file, every kind of command is allowed, but no event handler is known", async () => {
  assert.deepEqual(await loadPolicy("/nonexistent/policy.yaml"), { policy: defaultPolicy, fault: undefined });
  assert.deepEqual(defaultPolicy.allow, [
    "check-now",
    "test-run",
    "event-handler",
    "discover",
    "probe",
    "backup",
    "restore",
    "browse",
    "files",
    "logs",
    "register",
  ]);
  assert.deepEqual(defaultPolicy.eventHandlers, {});
});

test("a file narrows what is allowed", async () => {
  const { policy } = await loadPolicy(policyFile("allow: [check-now]\n"));
  assert.deepEqual(policy.allow, ["check-now"]);
});

test("a file that is not understood closes, and says why", async () => {
  for (const content of [
    "allow: [shell]\n",
    "allow: {",
    "alow: []\n",
    "- 1\n",
    "eventHandlers: {x: [reboot]}\n",
    "eventHandlers: {x: []}\n",
  ]) {
    const { policy, fault } = await loadPolicy(policyFile(content));
    assert.deepEqual(policy, closedPolicy, content);
    assert.match(fault ?? "", /policy.yaml is not understood, so every command is refused/);
  }
});

test("external programs outside the policy are refused, also by a detour", async () => {
  const policy = { ...defaultPolicy, externalPrograms: ["/usr/lib/nagios/plugins/*"] };
  const external = (...args: string[]) => refusalOfCheck(policy, { command: "external", arguments: args });
  assert.equal(await external("/usr/lib/nagios/plugins/check_load", "-w", "5"), undefined);
  assert.equal(await external("-t", "30", "/usr/lib/nagios/plugins/check_load"), undefined);
  assert.match((await external("/bin/sh", "-c", "id")) ?? "", /does not allow the program \/bin\/sh/);
  assert.ok(await external("-t", "/usr/lib/nagios/plugins/x", "/bin/sh"));
  assert.ok(await external("/usr/lib/nagios/plugins/../../../../bin/sh"));
  assert.ok(await external());
  assert.equal(await refusalOfCheck(policy, { command: "load", arguments: [] }), undefined);
});
