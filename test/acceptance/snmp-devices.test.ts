// Devices without an agent, watched by SNMP through a prober: Debian's snmpd is the device, by version 3 with SHA-256 and AES.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { snmpdSecurity, startSnmpd } from "../../checks/src/snmp/testing/start-snmpd.ts";
import { requirePeer } from "../peers/peer.ts";
import {
  cleanupOfSuite,
  type MycloudProcess,
  runMycloud,
  startMycloud,
  startServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const { user } = snmpdSecurity;
const secrets = [String(user.authPassword), String(user.privPassword)];

describe("devices watched by SNMP", () => {
  const cleanup = cleanupOfSuite();

  test("a device is asked by its prober alone, with a credential that nobody else sees, and discovered by it", {
    timeout: 300_000,
  }, async (t) => {
    if (!requirePeer(t, "/usr/sbin/snmpd", "snmpd")) return;
    await using snmpd = await startSnmpd();
    const server = await startServer(cleanup);
    const instance = ["--server", server.url, "--token-file", join(server.stateDir, "operator-token")];
    const api = async (method: "GET" | "POST", path: string, body?: unknown) => {
      const answer = await server.api(method, path, body === undefined ? {} : { body });
      assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
      return answer.body;
    };
    const mycloud = async (...words: string[]) => {
      const ended = await runMycloud([...words, ...instance]);
      assert.equal(ended.code, 0, `${words.join(" ")}: ${ended.stderr}`);
      return ended.stdout;
    };
    const agents = new Map<string, { readonly process: MycloudProcess; readonly stateDir: string }>();
    for (const hostName of ["probe1", "bystander"]) {
      const stateDir = await temporaryDirectory("agent");
      const { token } = await api("POST", "/api/v1/enrolment-tokens", {});
      const where = ["--server", server.url, "--state-dir", stateDir, "--host-name", hostName];
      const enrolled = await runMycloud(["agent", "enrol", ...where], { env: { MYCLOUD_ENROLMENT_TOKEN: token } });
      assert.equal(enrolled.code, 0, enrolled.stderr);
      const process = startMycloud(["agent", "run", "--state-dir", stateDir]);
      cleanup.after(async () => void (await process.stop()));
      agents.set(hostName, { process, stateDir });
    }

    const directory = await temporaryDirectory("definitions");
    const apply = async (authPassword: string) => {
      const definitions = [
        {
          kind: "Host",
          name: "switch1",
          spec: { address: "127.0.0.1", labels: { device: "switch" }, probers: ["probe1"] },
        },
        {
          kind: "SnmpCredential",
          name: "switches",
          spec: { ...user, authPassword, selector: { labels: { device: "switch" } }, port: snmpd.port },
        },
        {
          kind: "Check",
          name: "device uptime",
          spec: {
            command: "snmp-uptime",
            selector: { labels: { device: "*" } },
            checkIntervalSeconds: 5,
            retryIntervalSeconds: 5,
          },
        },
      ];
      // JSON is YAML.
      const documents = definitions.map((definition) => `---\n${JSON.stringify(definition)}\n`);
      await writeFile(join(directory, "devices.yaml"), documents.join(""));
      return await mycloud("apply", "-f", directory);
    };
    const shown = [await apply(String(user.authPassword))];
    const service = async () => {
      const filter = encodeURIComponent(JSON.stringify({ hostName: "switch1", name: "device uptime" }));
      return (await api("GET", `/api/v1/services?filter=${filter}`)).data[0];
    };
    const isFine = async () => /OK - device\.example\.org is up/.test((await service())?.output ?? "");
    await waitFor(isFine, 30_000, "the device's uptime");

    await t.test("what the device has is proposed for it, and what it says of itself is known", async () => {
      await mycloud("service-proposal", "discover", "switch1");
      const proposals = await waitFor(
        async () => {
          const { data } = await api("GET", "/api/v1/service-proposals?perPage=1000");
          return data.length > 0 ? data : undefined;
        },
        30_000,
        "proposals for the device",
      );
      assert.ok(proposals.every(({ hostName }: { hostName: string }) => hostName === "switch1"));
      const kinds = new Set(proposals.map(({ kind }: { kind: string }) => kind));
      // Its uptime is watched already.
      assert.deepEqual([kinds.has("snmp-interface"), kinds.has("snmp-device")], [true, false]);
      const host = (await api("GET", `/api/v1/hosts/${(await service()).hostId}`)) as { labels: object };
      shown.push(JSON.stringify(host));
      const { data: same } = await api(
        "GET",
        `/api/v1/hosts?filter=${encodeURIComponent('{"label":{"sysName":"device.example.org"}}')}`,
      );
      assert.deepEqual(
        same.map(({ name }: { name: string }) => name),
        ["switch1"],
      );
      await api("POST", "/api/v1/service-proposals/approve", { ids: [proposals[0].id] });
    });

    await t.test("a sweep from the prober finds it, with the credential by its name", async () => {
      const { stateDir } = agents.get("probe1")!;
      const words = ["discover", "snmp", "127.0.0.1/32", "--port", String(snmpd.port), "--state-dir", stateDir];
      const swept = await runMycloud([...words, "--credential", "switches", "--json"]);
      assert.equal(swept.code, 0, swept.stderr);
      shown.push(swept.stdout, swept.stderr);
      const { devices, hosts } = JSON.parse(swept.stdout);
      assert.equal(devices[0].sysName, "device.example.org");
      assert.deepEqual(hosts[0].spec.probers, ["probe1"]);
      assert.equal((await runMycloud([...words, "--credential", "printers"])).code, 64);
    });

    await t.test("its keys are the prober's alone, and shown to nobody", async () => {
      const cacheOf = (name: string) => readFile(join(agents.get(name)!.stateDir, "agent/configuration.json"), "utf8");
      const known = await cacheOf("probe1");
      assert.ok(secrets.every((secret) => known.includes(secret)));
      assert.doesNotMatch(await cacheOf("bystander"), /snmpDevices|monitor/);
      const exported = await mycloud("export", "--kind", "SnmpCredential");
      assert.match(exported, /authPassword: "?\*{8}/);
      shown.push(exported);
      for (const path of ["snmp-credentials", "agent-commands", "audit-entries", "services", "checks"]) {
        const { body } = await server.api("GET", `/api/v1/${path}?perPage=1000`);
        shown.push(JSON.stringify(body));
      }
      for (const { process } of agents.values()) shown.push(process.stdout(), process.stderr());
      const all = shown.join("\n");
      for (const secret of secrets) assert.ok(!all.includes(secret), `"${secret}" is shown`);
      assert.match(all, /\*{8}/);
    });

    await t.test("a wrong key is told as one", async () => {
      await apply("another password");
      const isWrong = async () =>
        /UNKNOWN - 127\.0\.0\.1 port \d+, .*wrong key for signing/.test((await service())?.output ?? "");
      await waitFor(isWrong, 30_000, "the wrong key to be told");
    });
  });
});
