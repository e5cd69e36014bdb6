// `mycloud up --nrpe`: Debian's check_nrpe asks the agent that up runs, in each way of encrypting; a new way counts when the agent starts again.
import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { CHECK_NRPE_PROGRAM, checkNrpe } from "../peers/nrpe.ts";
import { requirePeer } from "../peers/peer.ts";
import {
  descendantsOf,
  freePort,
  listProcesses,
  makeCertificates,
  startUp,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

test("check_nrpe is answered by the agent of mycloud up", { timeout: 300_000 }, async (t) => {
  if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
  const directory = await temporaryDirectory("up-nrpe");
  const file = makeCertificates(directory, ["server", "client"]);
  for (const [name, script] of [
    ["long", "printf 'START '; head -c 64980 /dev/zero | tr '\\0' x; printf ' END'"],
    ["slow", "sleep 30; echo late"],
  ] as const) {
    await writeFile(file(name), `#!/bin/sh\n${script}\n`);
    await chmod(file(name), 0o755);
  }

  const port = await freePort();
  const up = await startUp(t, { env: { MYCLOUD_NRPE: `127.0.0.1:${port}` } });
  const isAnswered = async (...args: string[]) => (await checkNrpe(port, ...args)).code === 0;
  await waitFor(() => isAnswered(), 20_000, "the agent to answer check_nrpe");
  const agentPid = () => {
    const ours = new Set(descendantsOf(up.process.pid));
    return listProcesses().find(({ pid, command }) => ours.has(pid) && / agent run\b/.test(command))?.pid;
  };

  /** Writes the policy, ends the agent, and waits for the one that up starts in its place. */
  async function restartWith(policy: string, ...args: string[]): Promise<void> {
    await writeFile(join(up.stateDir, "agent", "policy.yaml"), policy);
    const before = agentPid();
    assert.ok(before !== undefined);
    process.kill(before, "SIGTERM");
    await waitFor(() => agentPid() !== undefined && agentPid() !== before, 20_000, "another agent");
    await waitFor(() => isAnswered(...args), 20_000, "the new agent to answer");
  }

  const commands = `
  commandTimeoutSeconds: 1
  commands:
    check_mem: memory -w 99.9 -c 100
    long: ${file("long")}
    slow: ${file("slow")}
`;
  const [pem, key, ca] = ["server.pem", "server.key", "ca.pem"].map(file);
  await restartWith(`nrpe:\n  tls: { certificateFile: ${pem}, keyFile: ${key} }${commands}`);
  assert.notEqual((await checkNrpe(port, "-n")).code, 0, "plain text is refused");
  assert.equal((await checkNrpe(port, "-A", ca ?? "", "-d", "0")).code, 0);
  for (const version of [[], ["-3"], ["-2"]]) {
    const { code, output } = await checkNrpe(port, ...version, "-c", "check_mem");
    assert.deepEqual([code, output.split(" ")[0]], [0, "MEMORY"], output);
  }
  for (const version of [[], ["-3"]]) {
    const { output } = await checkNrpe(port, ...version, "-c", "long");
    assert.ok(output.startsWith("START x") && output.includes(" END") && output.length >= 64_990, `${output.length}`);
  }
  const late = { code: 3, output: "NRPE: Command timed out after 1 seconds\n" };
  assert.deepEqual(await checkNrpe(port, "-c", "slow"), late);
  const undefinedCommand = { code: 3, output: "NRPE: Command 'rm' not defined\n" };
  assert.deepEqual(await checkNrpe(port, "-c", "rm"), undefinedCommand);
  assert.equal(
    (await checkNrpe(port, "-c", "check_mem", "-a", "-w 1")).output,
    "NRPE: this agent takes no arguments\n",
  );

  const client = ["-A", ca ?? "", "-C", file("client.pem"), "-K", file("client.key")];
  await restartWith(`nrpe:\n  tls: { certificateFile: ${pem}, keyFile: ${key}, clientCaFile: ${ca} }`, ...client);
  assert.notEqual((await checkNrpe(port)).code, 0, "without a certificate of one's own");

  await restartWith("nrpe:\n  tls: { isAnonymousAllowed: true }", "-d", "2", "-S", "TLSv1.2");
});
