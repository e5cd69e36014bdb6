// Devices tell by SNMP traps, and an old manager asks: Debian's snmptrap and snmpbulkwalk against `mycloud server` with the options on.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { freeUdpPort } from "../../checks/src/snmp/testing/free-udp-port.ts";
import { requirePeer } from "../peers/peer.ts";
import { cleanupOfSuite, startServer, temporaryDirectory } from "../support/index.ts";

describe("SNMP traps, and the control plane asked by SNMP", () => {
  const cleanup = cleanupOfSuite();

  test("an inform of a device is a service's state, which a manager reads by SNMP", { timeout: 300_000 }, async (t) => {
    if (!requirePeer(t, "/usr/bin/snmptrap", "snmp")) return;
    const folder = await temporaryDirectory("snmp");
    const file = join(folder, "agent");
    await writeFile(file, "MYCLOUD_SNMP_COMMUNITY=for managers\n", { mode: 0o600 });
    const [trapPort, agentPort] = [await freeUdpPort(), await freeUdpPort()];
    const traps = ["--snmp-trap", `127.0.0.1:${trapPort}`];
    const agent = ["--snmp-agent", `127.0.0.1:${agentPort}`, "--snmp-agent-credentials-file", file];
    const server = await startServer(cleanup, { args: [...traps, ...agent] });
    const post = async (path: string, body: unknown) => {
      const answer = await server.api("POST", `/api/v1/${path}`, { body });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    await post("hosts", { name: "ups1", address: "127.0.0.1" });
    await post("snmp-credentials", {
      name: "ups",
      selector: { hosts: ["ups1"] },
      version: "2c",
      community: "let me in",
    });
    await post("trap-rules", {
      name: "on battery",
      selector: { hosts: ["ups1"] },
      trapOid: "1.3.6.1.2.1.33.2.*",
      state: "WARNING",
      serviceName: "power",
      output: "on battery for $1 seconds",
    });
    const run = async (program: string, ...words: readonly string[]) => {
      const env = { ...process.env, SNMP_PERSISTENT_DIR: folder, SNMPCONFPATH: folder, MIBS: "" };
      return (await promisify(execFile)(`/usr/bin/${program}`, words, { env })).stdout;
    };
    const patience = ["-t", "20", "-r", "1"];
    const onBattery = ["", "1.3.6.1.2.1.33.2.0.1", "1.3.6.1.2.1.33.1.2.2.0", "i", "17"];
    await run("snmptrap", "-Ci", "-v2c", "-c", "let me in", ...patience, `127.0.0.1:${trapPort}`, ...onBattery);
    // Answered means stored: neither has to be waited for.
    const { body } = await server.api("GET", `/api/v1/logs?query=${encodeURIComponent("service:snmptrap")}`);
    assert.match(JSON.stringify(body), /upsSecondsOnBattery/);
    const walk = ["-v2c", "-c", "for managers", ...patience, "-Onq", `127.0.0.1:${agentPort}`];
    const services = await run("snmpbulkwalk", ...walk, "1.3.6.1.4.1.8072.9999.9999.1795.1.3");
    assert.match(services, /"on battery for 17 seconds"/);
    await server.kill();
    await server.start();
    assert.match(
      await run("snmpbulkwalk", ...walk, "1.3.6.1.4.1.8072.9999.9999.1795.1.3"),
      /"on battery for 17 seconds"/,
    );
  });
});
