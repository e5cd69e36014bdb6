import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { executeCheck } from "../../agent/src/check-execution/index.ts";
import { createLogger } from "../../agent/src/logger/index.ts";
import { createNrpeServer, type NrpeServer } from "../../agent/src/nrpe/index.ts";
import { loadPolicy } from "../../agent/src/policy/index.ts";
import { CHECK_NRPE_PROGRAM, checkNrpe } from "../peers/nrpe.ts";
import { requirePeer } from "../peers/peer.ts";
import { makeCertificates } from "../support/certificates.ts";
import { temporaryDirectory } from "../support/temporary-directory.ts";

let directory = "";
const file = (name: string) => join(directory, name);
const running: NrpeServer[] = [];

before(async () => {
  directory = await temporaryDirectory("nrpe");
  makeCertificates(directory, ["server", "client"]);
  for (const [name, script] of [
    ["long", "printf 'START '; head -c 64980 /dev/zero | tr '\\0' x; printf ' END'"],
    ["slow", "sleep 30; echo late"],
    ["arguments", 'echo "got $# [$1] [$2]"; exit 1'],
    ["seven", "echo seven; exit 7"],
  ] as const) {
    await writeFile(file(name), `#!/bin/sh\n${script}\n`);
    await chmod(file(name), 0o755);
  }
});
after(() => Promise.all(running.map((server) => server.stop())));

/** The agent's NRPE server with a policy file; its check commands run for real. */
async function serve(policy: string, idleMs = 10_000): Promise<number> {
  const path = file(`policy-${running.length}.yaml`);
  await writeFile(path, policy);
  const server = await createNrpeServer({
    address: { host: "127.0.0.1", port: 0 },
    loadPolicy: () => loadPolicy(path),
    checks: () => [
      {
        serviceId: 1,
        serviceName: "root disk",
        command: "disk",
        arguments: ["-w", "0:", "/"],
        checkIntervalSeconds: 60,
        retryIntervalSeconds: 60,
        maxCheckAttempts: 3,
        timeoutSeconds: 10,
      },
    ],
    execute: (execution, memory, signal) =>
      executeCheck(execution, {
        signal,
        memory,
        agent: { version: "test" } as never,
        procRoot: "/proc",
        sysRoot: "/sys",
        now: Date.now,
        monotonicNow: () => performance.now(),
      }),
    certificatePath: file("own.pem"),
    hostName: "web1",
    version: "test",
    logger: createLogger({ level: "error", format: "text", write: () => undefined, now: Date.now }),
    now: Date.now,
    idleMs,
  });
  running.push(server);
  return server.port;
}

const commands = () => `
  commands:
    check_mem: memory -w 99.9 -c 100
    long: ${file("long")}
    slow: ${file("slow")}
    seven: [${file("seven")}]
    args: ["${file("arguments")}", "$ARG1$", "$ARG2$"]
`;

describe("check_nrpe asks the agent", () => {
  test("in every protocol version, over TLS with the agent's own certificate", async (t) => {
    if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
    const port = await serve(`nrpe:${commands()}`);
    assert.match((await checkNrpe(port)).output, /^NRPE v4/);
    for (const version of [[], ["-3"], ["-2"]]) {
      const { code, output } = await checkNrpe(port, ...version, "-c", "check_mem");
      assert.equal(code, 0, output);
      assert.match(output, /^MEMORY OK - .*\|.*=/);
    }
    assert.match((await checkNrpe(port, "-c", "check_load")).output, /^LOAD /);
    assert.match((await checkNrpe(port, "-c", "root disk")).output, /^DISK /);
  });

  test("and gets 65,000 characters in versions 3 and 4, and 1,023 in version 2", async (t) => {
    if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
    const port = await serve(`nrpe:${commands()}`);
    for (const version of [[], ["-3"]]) {
      const { output } = await checkNrpe(port, ...version, "-c", "long");
      assert.match(output.slice(0, 20), /^START x/);
      assert.ok(output.includes(" END") && output.length >= 64_990, `${version}: ${output.length}`);
    }
    assert.equal((await checkNrpe(port, "-2", "-c", "long")).output.trimEnd().length, 1_023);
  });

  test("and a command that is not there, takes too long, or ends oddly is UNKNOWN in nrpe's words", async (t) => {
    if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
    const port = await serve(`nrpe:\n  commandTimeoutSeconds: 1${commands()}`);
    assert.deepEqual(await checkNrpe(port, "-c", "nothing"), {
      code: 3,
      output: "NRPE: Command 'nothing' not defined\n",
    });
    assert.deepEqual(await checkNrpe(port, "-c", "check_external"), {
      code: 3,
      output: "NRPE: Command 'check_external' not defined\n",
    });
    assert.deepEqual(await checkNrpe(port, "-c", "slow"), {
      code: 3,
      output: "NRPE: Command timed out after 1 seconds\n",
    });
    assert.equal((await checkNrpe(port, "-c", "seven")).code, 3);
  });

  test("and its arguments are refused, unless the policy takes them, and nasty ones always", async (t) => {
    if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
    const closed = await serve(`nrpe:${commands()}`);
    assert.deepEqual(await checkNrpe(closed, "-c", "args", "-a", "x"), {
      code: 3,
      output: "NRPE: this agent takes no arguments\n",
    });
    const open = await serve(`nrpe:\n  areArgumentsAllowed: true${commands()}`);
    assert.match((await checkNrpe(open, "-c", "args", "-a", "a b", "c")).output, /^got 2 \[a b\] \[c\]/);
    assert.match((await checkNrpe(open, "-c", "args", "-a", "$ARG2$", "--")).output, /^got 2 \[\$ARG2\$\] \[--\]/);
    assert.match((await checkNrpe(open, "-c", "args", "-a", "x;id")).output, /characters that are not allowed/);
  });

  test("over TLS in the ways of the table: certificate, both certificates, none", async (t) => {
    if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
    const [pem, key, ca] = ["server.pem", "server.key", "ca.pem"].map(file);
    const certificate = await serve(`nrpe:\n  tls: { certificateFile: ${pem}, keyFile: ${key} }`);
    for (const way of [[], ["-d", "0"], ["-d", "2"], ["-A", ca ?? "", "-d", "0"]]) {
      assert.equal((await checkNrpe(certificate, ...way)).code, 0, way.join(" "));
    }
    assert.notEqual((await checkNrpe(certificate, "-n")).code, 0, "plain text is refused");
    assert.notEqual(
      (await checkNrpe(certificate, "-d", "2", "-S", "TLSv1.2")).code,
      0,
      "no anonymous way in by default",
    );

    const both = await serve(`nrpe:\n  tls: { certificateFile: ${pem}, keyFile: ${key}, clientCaFile: ${ca} }`);
    assert.notEqual((await checkNrpe(both)).code, 0);
    const client = ["-A", ca ?? "", "-C", file("client.pem"), "-K", file("client.key")];
    assert.equal((await checkNrpe(both, ...client)).code, 0);

    const anonymous = await serve("nrpe:\n  tls: { isAnonymousAllowed: true }");
    for (const way of [[], ["-d", "0"], ["-d", "2"], ["-d", "2", "-S", "TLSv1.2"]]) {
      assert.equal((await checkNrpe(anonymous, ...way)).code, 0, way.join(" "));
    }
  });

  test("and is turned away when its address is not allowed or the policy file is not understood", async (t) => {
    if (!requirePeer(t, CHECK_NRPE_PROGRAM, "nagios-nrpe-plugin")) return;
    const elsewhere = await serve("nrpe:\n  allowedHosts: [192.0.2.0/24]");
    assert.notEqual((await checkNrpe(elsewhere)).code, 0);
    const wrong = await serve("nrpe:\n  allowedHosts: [everybody]");
    assert.notEqual((await checkNrpe(wrong)).code, 0);
  });
});
