import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import fc from "fast-check";
import { freeUdpPort } from "../../../checks/src/snmp/testing/free-udp-port.ts";
import { startTestApp, type TestApp } from "../testing/index.ts";
import { figures, hostColumns, mycloudOid, serviceColumns } from "./fleet-mib.ts";
import { compare, createOidTree } from "./oid-tree.ts";

const hindrance = existsSync("/usr/bin/snmpwalk") || process.env.CI === "true" ? false : "snmp is not installed";

describe("the SNMP agent of the control plane", { skip: hindrance }, () => {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-snmpagent-"));
  const started: TestApp[] = [];
  let plain = "";
  let signed = "";

  /** A control plane whose agent lets in who the file's lines say. */
  const start = async (lines: readonly string[], fill: (app: TestApp) => Promise<void>) => {
    const file = join(folder, `credentials-${started.length}`);
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
    const port = await freeUdpPort();
    const app = await startTestApp({
      settings: { snmpAgent: { host: "127.0.0.1", port }, snmpAgentCredentialsFile: file },
    });
    started.push(app);
    await fill(app);
    return `127.0.0.1:${port}`;
  };

  before(async () => {
    plain = await start(["MYCLOUD_SNMP_COMMUNITY=let me in"], async (app) => {
      const scopes = ["ingest", "ingest:register"];
      const { token } = (await app.call("POST", "/api/v1/api-tokens", { body: { name: "in", scopes } })).body;
      const results = Array.from({ length: 400 }, (_, index) => ({
        host: `host${index % 4}`,
        service: `service ${index}`,
        returnCode: index % 4,
        output: `output of ${index} ${"ü".repeat(index)}`,
      }));
      const answer = await app.call("POST", "/api/v1/check-results", { token, body: results });
      assert.equal(answer.body.accepted, 400, answer.text);
    });
    const user = ["USERNAME=monitor", "AUTH_PROTOCOL=SHA-256", "AUTH_PASSWORD=signing password"];
    const hiding = ["PRIV_PROTOCOL=AES", "PRIV_PASSWORD=hiding password"];
    signed = await start(
      [...user, ...hiding].map((line) => `MYCLOUD_SNMP_${line}`),
      async () => undefined,
    );
  });
  after(async () => {
    await Promise.all(started.map((app) => app.stop()));
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (program: string, ...words: readonly string[]) => {
    const env = { ...process.env, SNMP_PERSISTENT_DIR: folder, SNMPCONFPATH: folder, MIBS: "" };
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    return (await promisify(execFile)(`/usr/bin/${program}`, [...words], options)).stdout;
  };
  const v2c = ["-v2c", "-c", "let me in", "-t", "20", "-r", "1", "-Onq"];
  const v3 = ["-v3", "-u", "monitor", "-l", "authPriv", "-a", "SHA-256", "-x", "AES", "-t", "20", "-Onq"];
  const keys = ["-A", "signing password", "-X", "hiding password"];
  const figure = (name: keyof typeof figures) => `${mycloudOid}.1.1.${figures[name]}.0`;

  it("tells how many hosts and services there are in which state", async () => {
    const names = ["services", "servicesWarning", "servicesCritical", "servicesUnknown", "hosts"] as const;
    const text = await run(
      "snmpget",
      "-v2c",
      "-c",
      "let me in",
      "-t",
      "20",
      "-Oqv",
      plain,
      ...names.map(figure),
      "1.3.6.1.2.1.1.1.0",
    );
    const lines = text.trim().split("\n");
    assert.deepEqual(lines.slice(0, 5), ["400", "100", "100", "100", "4"]);
    assert.match(lines[5] ?? "", /MyCloud control plane/);
  });

  it("is walked, one by one and in bulk, to the same end", async () => {
    const table = `${mycloudOid}.1.3`;
    const [walked, bulk] = [
      await run("snmpwalk", ...v2c, plain, table),
      await run("snmpbulkwalk", ...v2c, plain, table),
    ];
    assert.equal(bulk, walked);
    assert.equal(walked.match(new RegExp(`^\\.${table}\\.1\\.${serviceColumns.state}\\.`, "gm"))?.length, 400);
    assert.match(walked, /"service 399"/);
    const hosts = await run("snmpbulkwalk", ...v2c, plain, `${mycloudOid}.1.2.1.${hostColumns.name}`);
    assert.equal(hosts.trim().split("\n").length, 4);
    // All there is, from the first object to the last.
    const all = await run("snmpbulkwalk", ...v2c, "-Cr100", plain, "1.3.6.1");
    assert.ok(all.split("\n").length > 400 * 7);
  });

  it("answers a user of version 3 with keys, and nobody else", async () => {
    assert.match(await run("snmpget", ...v3, ...keys, signed, figure("services")), / 0$/m);
    await assert.rejects(
      run("snmpget", ...v3, "-A", "another password", "-X", "hiding password", signed, figure("hosts")),
    );
    await assert.rejects(
      run(
        "snmpget",
        "-v3",
        "-u",
        "monitor",
        "-l",
        "authNoPriv",
        "-a",
        "SHA-256",
        "-A",
        "signing password",
        signed,
        figure("hosts"),
      ),
    );
    await assert.rejects(run("snmpget", "-v2c", "-c", "public", "-r0", "-t1", signed, figure("hosts")));
    await assert.rejects(run("snmpget", "-v2c", "-c", "guessed", "-r0", "-t1", plain, figure("hosts")));
  });

  it("sets nothing", async () => {
    const words = ["-v2c", "-c", "let me in", "-t", "20", plain, "1.3.6.1.2.1.1.5.0", "s", "another name"];
    await assert.rejects(run("snmpset", ...words), /notWritable/);
  });
});

it("finds objects and those after them as a list of all would", () => {
  const oid = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
      fc.uniqueArray(oid, { maxLength: 8, selector: (index) => index.join(".") }),
      fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 }),
      (numbers, indices, asked) => {
        const valueAt = (at: number) => ({ type: "integer" as const, value: at });
        const sorted = indices.toSorted(compare);
        const tree = createOidTree(numbers.map((number) => ({ oid: [1, number], indices: sorted, valueAt })));
        const all = numbers.flatMap((number) => indices.map((index) => [1, number, ...index])).toSorted(compare);
        const next = all.find((each) => compare(each, asked) > 0);
        assert.deepEqual(tree.next(asked)?.numbers, next);
        const isThere = all.some((each) => compare(each, asked) === 0);
        assert.equal(tree.get(asked).type === "integer", isThere);
      },
    ),
    { numRuns: 300 },
  );
});
