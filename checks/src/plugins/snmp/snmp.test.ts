import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { formatPerfdata } from "../../plugin-api/perfdata.ts";
import { SnmpSessions } from "../../snmp/snmp-sessions.ts";
import { deviceLine } from "../../snmp/testing/device-line.ts";
import { counter, counter64, gauge, integer, startScriptedDevice, text } from "../../snmp/testing/scripted-device.ts";
import { snmpdIsMissing, snmpdSecurity, startSnmpd, type TestSnmpd } from "../../snmp/testing/start-snmpd.ts";
import { argumentsOf, runInTest } from "../run-in-test.ts";

const checkSnmp = "/usr/lib/nagios/plugins/check_snmp";

describe("snmp beside check_snmp", { skip: snmpdIsMissing || !existsSync(checkSnmp) }, () => {
  let snmpd: TestSnmpd;
  before(async () => {
    snmpd = await startSnmpd();
  });
  after(() => snmpd[Symbol.asyncDispose]());

  const v3 = "-P 3 -L authPriv -U monitor -a SHA-256 -A 'signing password' -x AES -X 'hiding password'";
  const lines = [
    "-o .1.3.6.1.2.1.2.1.0",
    "-o .1.3.6.1.2.1.2.1.0 -w 0 -c 100000",
    "-o .1.3.6.1.2.1.2.1.0 -w 1:100 -c 1:100 -l interfaces -u n",
    "-o .1.3.6.1.2.1.2.1.0 -w @1:100000",
    "-o .1.3.6.1.2.1.2.1.0,.1.3.6.1.2.1.2.2.1.5.1 -w 1:10000,:5 -c :100000,:100 -l count,speed -u n,bps",
    "-o .1.3.6.1.2.1.2.1.0,.1.3.6.1.2.1.2.2.1.5.1 -D ' / '",
    "-o .1.3.6.1.2.1.2.2.1.5.1 -w 1 --offset -10000000",
    "-o .1.3.6.1.2.1.2.2.1.5.1 -M 0.001 -w 1 -c 20000",
    "-P 2c -o .1.3.6.1.2.1.2.2.1.5.1",
    "-o .1.3.6.1.2.1.1.6.0 -r Rack",
    "-o .1.3.6.1.2.1.1.6.0 -r Cellar",
    "-o .1.3.6.1.2.1.1.6.0 -R 'rack 4' --invert-search",
    "-o .1.3.6.1.2.1.1.6.0 -R cellar --invert-search",
    `-o .1.3.6.1.2.1.1.6.0 -s '"Rack 4"'`,
    "-o .1.3.6.1.2.1.1.6.0 -s Cellar",
    "-n -o .1.3.6.1.2.1.2.1",
    "-E 1 -o .1.3.6.1.2.1.2.1.0",
    "-o .1.3.6.1.2.1.99999.0",
    `${v3} -o .1.3.6.1.2.1.2.1.0`,
    `${v3.replace("signing password", "another password")} -o .1.3.6.1.2.1.2.1.0`,
  ];
  for (const line of lines) {
    test(`${line} means the same`, async () => {
      const whole = `-H 127.0.0.1 -p ${snmpd.port} -C '${snmpdSecurity.community.community}' ${line}`;
      const theirs = spawnSync(checkSnmp, argumentsOf(whole), { encoding: "utf8" });
      const ours = await runInTest("snmp", whole);
      assert.equal(ours.returnCode, theirs.status, `${ours.output}\n${theirs.stdout}`);
      // Theirs calls values by the name that snmpget prints, puts text in quotes, and repeats ranges as they were written.
      const perfdata = (theirs.stdout.split("|")[1] ?? "").trim().replaceAll("iso.", "1.").replaceAll(";:", ";");
      if (theirs.status !== 3) assert.equal(formatPerfdata(ours.perfdata), perfdata);
      const words = theirs.stdout.split("|")[0]?.trim().replaceAll('"', "");
      if (theirs.status !== 3) assert.equal(ours.output.trim(), words);
    });
  }
});

describe("snmp", { concurrency: true }, () => {
  const objects = {
    "1.3.6.1.2.1.1.5.0": text("device.example.org"),
    "1.3.6.1.2.1.2.1.0": integer(4),
    "1.3.6.1.2.1.31.1.1.1.6.1": counter64(90_923_281_172n),
    "1.3.6.1.4.1.2021.10.1.3.1": text("5.47"),
    "1.3.6.1.4.1.2021.10.1.3.2": text(""),
    "1.3.6.1.2.1.2.2.1.5.1": gauge(10_000_000),
  };
  const table: [string, number, string | RegExp][] = [
    ["-o sysName.0", 0, "SNMP OK - device.example.org"],
    ["-o SNMPv2-MIB::sysName.0 -s device.example.org", 0, "SNMP OK - device.example.org"],
    ["-o IF-MIB::ifHCInOctets.1", 0, "SNMP OK - 90923281172"],
    ["-o laLoad.1 -w 5 -c 10", 1, "SNMP WARNING - *5.47*"],
    ["-o laLoad.1", 0, "SNMP OK - 5.47"],
    ["-o sysName.0 -w 5", 3, 'SNMP UNKNOWN - *"device.example.org" is no number*'],
    ["-o sysContact.0", 3, "SNMP UNKNOWN - *no such instance at 1.3.6.1.2.1.1.4.0*"],
    ["-o sysContact.0 -z 1", 1, "SNMP WARNING - *no such instance at 1.3.6.1.2.1.1.4.0*"],
    ["-o laLoad.2 -z 0", 0, "SNMP OK - an empty value"],
    ["-o ifNumber.0 -M 2.5 -f %.2f", 0, "SNMP OK - 10.00"],
    ["", 3, /-o\/--oid OID is required/],
    ["-o sysNme.0", 3, /"sysNme\.0" is no OID: MIB files are not read; .* did you mean sysName\?/],
    ["-o 1.3.6.1.2.1.1.5.0 -m ALL", 3, /MIB files are not read: use numeric OIDs or the built-in names/],
    ["-o sysName.0 -m :", 0, /OK/],
    ["-o sysName.0 -s a -r b", 3, /exclude each other/],
    ["-o sysName.0 -r '['", 3, /regular expression/],
    ["-o 1.3.6.1.2.1.1.5.0.99999999999", 3, /at most 32 bits/],
  ];
  for (const [line, returnCode, output] of table) {
    test(`${line} is ${returnCode}`, async () => {
      await using device = await startScriptedDevice(objects);
      const result = await runInTest("snmp", `${deviceLine(device.target)} ${line}`);
      if (typeof output === "string") assert.equal(result.output, output);
      else assert.match(result.output, output);
      assert.equal(result.returnCode, returnCode);
    });
  }

  test("a rate is over the time since the last run, through a counter that comes round", async () => {
    await using device = await startScriptedDevice({ "1.3.6.1.2.1.2.2.1.10.1": counter(4_294_967_000) });
    const clock = { ms: 5_000_000 };
    const context = { memory: new Map<string, unknown>(), now: () => clock.ms };
    const line = `${deviceLine(device.target)} -o ifInOctets.1 --rate -w 100`;
    await runInTest("snmp", line, context);
    device.objects.set("1.3.6.1.2.1.2.2.1.10.1", counter(704));
    clock.ms += 10_000;
    const around = await runInTest("snmp", line, context);
    assert.deepEqual([around.output, around.returnCode], ["SNMP OK - 100", 0]);
    clock.ms += 10_000;
    device.objects.set("1.3.6.1.2.1.2.2.1.10.1", counter(1));
    assert.match((await runInTest("snmp", line, context)).output, /OK - no rate yet: it began anew/);
  });

  test("a credential comes from a file, and nothing of it is told", async () => {
    await using device = await startScriptedDevice(objects);
    const folder = mkdtempSync(join(tmpdir(), "mycloud-snmp-"));
    try {
      const file = join(folder, "credentials");
      writeFileSync(file, "# a comment\nMYCLOUD_SNMP_COMMUNITY='public'\n");
      const line = `-H 127.0.0.1 -p ${device.target.port} --credentials ${file} -o sysName.0`;
      assert.equal((await runInTest("snmp", line)).returnCode, 0);
      writeFileSync(
        file,
        "MYCLOUD_SNMP_USERNAME=monitor\nMYCLOUD_SNMP_AUTH_PROTOCOL=SHA256\nMYCLOUD_SNMP_AUTH_PASSWORD=hush\n",
      );
      const short = await runInTest("snmp", line);
      assert.match(short.output, /the SNMP credential of .* cannot work: authPassword is shorter than 8 characters/);
      writeFileSync(file, "MYCLOUD_SNMP_COMUNITY=hush\n");
      const wrong = await runInTest("snmp", line);
      assert.match(wrong.output, /line 1 is not understood/);
      assert.doesNotMatch(JSON.stringify([short, wrong]), /hush/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("in the agent a check of a device uses the device's credential, and no other check does", async () => {
    await using device = await startScriptedDevice(objects);
    const sessions = new SnmpSessions(() => performance.now());
    const { port, security } = device.target;
    const known = { hostId: 7, hostName: "device", address: "127.0.0.1", port, credential: "devices", security };
    const findDevice = (host: string | undefined) => (host === undefined || host === "127.0.0.1" ? known : undefined);
    try {
      const own = await runInTest("snmp", "-o sysName.0", { snmp: { sessions: async () => sessions, findDevice } });
      assert.equal(own.output, "SNMP OK - device.example.org");
      const other = await runInTest("snmp", "-o sysName.0", {
        snmp: { sessions: async () => sessions, findDevice: () => undefined },
      });
      assert.match(other.output, /-H\/--hostname HOST is required/);
    } finally {
      sessions.close();
    }
  });
});
