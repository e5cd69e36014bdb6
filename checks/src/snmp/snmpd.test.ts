import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import fc from "fast-check";
import { StoppedWaiting } from "../plugin/stopped-waiting.ts";
import { SnmpError } from "./snmp-error.ts";
import { SnmpSession } from "./snmp-session.ts";
import { SnmpSessions } from "./snmp-sessions.ts";
import type { SnmpTarget } from "./snmp-target.ts";
import { numberOf, textOf } from "./snmp-value.ts";
import { standardNames } from "./standard-names.ts";
import { sweep } from "./sweep.ts";
import { startSpoilingProxy } from "./testing/spoiling-proxy.ts";
import { snmpdIsMissing, snmpdSecurity, startSnmpd, type TestSnmpd } from "./testing/start-snmpd.ts";
import { walk, walkTable } from "./walk.ts";

const { sysName, sysUpTime, ifDescr, ifHCInOctets, ifName, hrSWRunName, laLoadFloat } = standardNames as Record<
  string,
  string
>;
const { signal } = new AbortController();

describe("Debian's snmpd", { skip: snmpdIsMissing }, () => {
  let snmpd: TestSnmpd;
  before(async () => {
    snmpd = await startSnmpd();
  });
  after(() => snmpd[Symbol.asyncDispose]());

  async function withSession<T>(target: SnmpTarget, work: (session: SnmpSession) => Promise<T>): Promise<T> {
    const session = new SnmpSession(target, { gates: [] });
    try {
      return await work(session);
    } finally {
      session.close();
    }
  }

  const signed = SnmpSecurity.parse({
    version: "3",
    username: "signed",
    authProtocol: "SHA",
    authPassword: "signing password",
  });
  const named = SnmpSecurity.parse({ version: "3", username: "named" });
  const { community, user } = snmpdSecurity;

  for (const [what, security] of [
    ["version 1", { ...community, version: "1" }],
    ["version 2c", community],
    ["version 3, named", named],
    ["version 3, signed", signed],
    ["version 3, signed and encrypted", user],
  ] as const) {
    test(`answers ${what}`, async () => {
      await withSession(snmpd.target(security), async (session) => {
        const oids = [`${sysName}.0`, `${sysUpTime}.0`, `${sysName}.9`];
        const [name, uptime, missing] = await session.get(oids, signal);
        assert.equal(textOf(name?.value), "device.example.org");
        assert.equal(uptime?.value.kind, "timeticks");
        assert.ok(Number(numberOf(uptime?.value)) >= 0);
        assert.equal(missing?.value.kind, "absent");
        const names = await walk(session, `${ifDescr}`, signal);
        assert.equal(textOf(names[0]?.value), "lo");
      });
    });
  }

  test("a table comes in rows, with counters of 64 bits, floats, and without columns that are not there", async () => {
    await withSession(snmpd.target(user), async (session) => {
      const rows = await walkTable(session, [`${ifName}`, `${ifHCInOctets}`, "1.3.6.1.2.1.31.1.1.1.99"], signal);
      const [row] = rows.values();
      assert.equal(textOf(row?.get(`${ifName}`)), "lo");
      assert.equal(row?.get(`${ifHCInOctets}`)?.kind, "counter64");
      assert.equal(row?.size, 2);
      const [load] = await session.get([`${laLoadFloat}.1`], signal);
      assert.equal(load?.value.kind, "float");
    });
  });

  test("the whole tree is walked, and not beyond what a walk may take", async () => {
    await withSession(snmpd.target(), async (session) => {
      const all = await walk(session, "1.3.6.1", signal);
      assert.ok(all.length > 1_000, `${all.length} objects`);
      const tooLong = walk(session, "1.3.6.1", signal, { rows: 100, seconds: 60 });
      await assert.rejects(tooLong, /127\.0\.0\.1 port \d+, 1\.3\.6\.1: it has more than 100 rows/);
      assert.ok((await walk(session, `${hrSWRunName}`, signal)).length > 0);
    });
  });

  const table: [string, Partial<SnmpSecurity>, SnmpError["failure"], RegExp][] = [
    [
      "a wrong key for signing",
      { authPassword: "wrong password" },
      "wrong-key",
      /wrong key for signing: expected the one that user "monitor" has there for SHA-256/,
    ],
    ["a wrong protocol", { authProtocol: "SHA" }, "wrong-key", /for SHA$/],
    ["a wrong user", { username: "nobody" }, "unknown-user", /it knows no user "nobody"/],
    ["too little security", { authProtocol: null, privProtocol: null }, "not-allowed", /does not let/],
    [
      "another community",
      { version: "2c", community: "guess" },
      "time-out",
      /no answer within 0\.3 s; .*another version or community/,
    ],
  ];
  for (const [what, changes, failure, message] of table) {
    test(`${what} is told as ${failure}`, async () => {
      const target = snmpd.target(
        { ...user, ...changes },
        changes.version === "2c" ? { timeoutMs: 300, retries: 0 } : {},
      );
      const asked = withSession(target, (session) => session.get([`${sysName}.0`], signal));
      await assert.rejects(asked, (error) => {
        assert.ok(error instanceof SnmpError, String(error));
        assert.match(error.message, message);
        assert.equal(error.failure, failure);
        assert.match(error.message, /^127\.0\.0\.1 port \d+, sysName\.0 \(1\.3\.6\.1\.2\.1\.1\.5\.0\): /);
        return true;
      });
    });
  }

  test("a wrong key for encryption is no answer, or told", async () => {
    const target = snmpd.target({ ...user, privPassword: "wrong password" }, { timeoutMs: 300, retries: 0 });
    const asked = withSession(target, (session) => session.get([`${sysName}.0`], signal));
    await assert.rejects(asked, (error) => error instanceof SnmpError && /wrong-key|time-out/.test(error.failure));
  });

  test("hundreds who ask at once share a session, within its bounds", async () => {
    const sessions = new SnmpSessions(() => performance.now(), { perSecondPerDevice: 2_000 });
    try {
      const target = snmpd.target(user);
      const asked = Array.from({ length: 300 }, () => sessions.open(target).get([`${sysName}.0`], signal));
      const answers = await Promise.all(asked);
      assert.ok(answers.every(([name]) => textOf(name?.value) === "device.example.org"));
    } finally {
      sessions.close();
    }
  });

  test("a device that began anew is asked on, with its new engine", async () => {
    await using first = await startSnmpd();
    const session = new SnmpSession(first.target(user), { gates: [] });
    try {
      assert.equal(textOf((await session.get([`${sysName}.0`], signal))[0]?.value), "device.example.org");
      await first.restart();
      assert.equal(textOf((await session.get([`${sysName}.0`], signal))[0]?.value), "device.example.org");
    } finally {
      session.close();
    }
  });

  test("of signed and encrypted answers nothing can be changed on the way, and nothing ends the process", async () => {
    await using proxy = await startSpoilingProxy(snmpd.port);
    const target = { ...snmpd.target(user), port: proxy.port, retries: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, change, isCut) => {
        proxy.spoil = undefined;
        const session = new SnmpSession(target, { gates: [] });
        try {
          await session.get([`${sysName}.0`], signal);
          proxy.spoil = (answer) => {
            const copy = Buffer.from(answer);
            copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ change;
            return isCut ? copy.subarray(0, at % copy.length) : copy;
          };
          const brief = AbortSignal.timeout(60);
          const outcome = await session.get([`${sysName}.0`], brief).catch((error: unknown) => error);
          if (Array.isArray(outcome)) assert.equal(textOf(outcome[0]?.value), "device.example.org");
          else assert.ok(outcome instanceof SnmpError || outcome instanceof StoppedWaiting, String(outcome));
        } finally {
          session.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  test("a sweep finds who answers, and tells progress", async () => {
    const progress: number[] = [];
    const found = await sweep({
      addresses: ["127.0.0.1", "127.0.0.2"],
      target: { port: snmpd.port, security: community, timeoutMs: 300, retries: 0 },
      concurrent: 8,
      perSecond: 100,
      now: () => performance.now(),
      signal,
      onProgress: (done) => progress.push(done),
    });
    assert.deepEqual(
      found.map(({ address, sysName: name }) => [address, name]),
      [["127.0.0.1", "device.example.org"]],
    );
    assert.match(found[0]?.sysObjectId ?? "", /^1\.3\.6\.1\.4\.1\.8072\./);
    assert.deepEqual(progress, [1, 2]);
  });
});
