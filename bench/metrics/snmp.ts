// How many questions a second an agent asks devices by SNMP, beside a loop of snmpget that asks the same device: Debian's snmpd on loopback, by version 2c and
// by version 3 with SHA-256 and AES.
//
//   node_modules/.bin/node bench/metrics/snmp.ts [--seconds 3]
//
// A poll is one run of the check `snmp` (what an agent does for a service), with sessions shared as in the agent, 64 at once; the agent's own bounds on rate are
// lifted. The loop starts an snmpget a question, one after the other, as scripts do; four side by side on two cores are no faster than two. The device itself takes
// most of one core. Stdout is Markdown.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import type { SnmpSecurity } from "@mycloud/protocol/snmp";
import { runPlugin } from "../../checks/src/plugin/index.ts";
import { SnmpSession, SnmpSessions } from "../../checks/src/snmp/index.ts";
import { snmpdSecurity, startSnmpd, type TestSnmpd } from "../../checks/src/snmp/testing/start-snmpd.ts";

const oid = "1.3.6.1.2.1.1.5.0";
const concurrent = 64;

interface Rates {
  readonly session: number;
  readonly polls: number;
  readonly loop: number;
}

/** Runs `work` by so many workers until the time is up; answers how often a second. */
async function perSecond(seconds: number, workers: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  let count = 0;
  const run = async (): Promise<void> => {
    while (performance.now() - startedAt < seconds * 1_000) {
      await work();
      count++;
    }
  };
  await Promise.all(Array.from({ length: workers }, run));
  return Math.round(count / ((performance.now() - startedAt) / 1_000));
}

function snmpgetWords(snmpd: TestSnmpd, security: SnmpSecurity): string[] {
  const { version, community, username, authPassword, privPassword } = security;
  const how =
    version === "3"
      ? [
          "-v3",
          "-l",
          "authPriv",
          "-u",
          `${username}`,
          "-a",
          "SHA-256",
          "-A",
          `${authPassword}`,
          "-x",
          "AES",
          "-X",
          `${privPassword}`,
        ]
      : ["-v2c", "-c", `${community}`];
  return [...how, "-On", `127.0.0.1:${snmpd.port}`, oid];
}

async function measure(snmpd: TestSnmpd, security: SnmpSecurity, seconds: number): Promise<Rates> {
  const signal = AbortSignal.timeout(120_000);
  const target = snmpd.target(security);
  const alone = new SnmpSession(target, { gates: [] });
  const session = await perSecond(seconds, concurrent, async () => {
    await alone.get([oid], signal);
  });
  alone.close();
  const unbounded = { concurrentPerDevice: concurrent, concurrent, perSecondPerDevice: 100_000, perSecond: 100_000 };
  const sessions = new SnmpSessions(() => performance.now(), unbounded);
  const device = {
    hostId: 1,
    hostName: "device",
    address: "127.0.0.1",
    port: snmpd.port,
    credential: "bench",
    security,
  };
  const context = {
    signal,
    now: Date.now,
    procRoot: "/proc",
    sysRoot: "/sys",
    snmp: { sessions: async () => sessions, findDevice: () => device },
  };
  const poll = async (): Promise<void> => {
    const { returnCode, output } = await runPlugin("snmp", ["-o", oid], { ...context, memory: new Map() });
    if (returnCode !== 0) throw new Error(output);
  };
  // The first loads the check.
  await poll();
  const polls = await perSecond(seconds, concurrent, poll);
  sessions.close();
  const words = snmpgetWords(snmpd, security);
  const loop = await perSecond(seconds, 1, async () => {
    const [code] = await once(spawn("snmpget", words, { stdio: "ignore" }), "close");
    if (code !== 0) throw new Error(`snmpget ended with ${code}`);
  });
  return { session, polls, loop };
}

/** Measures both versions; answers Markdown. */
export async function benchSnmp(seconds: number): Promise<string> {
  await using snmpd = await startSnmpd();
  const before = process.memoryUsage.rss();
  const rows: string[] = [];
  for (const [name, security] of [
    ["2c", snmpdSecurity.community],
    ["3, SHA-256 and AES", snmpdSecurity.user],
  ] as const) {
    const { session, polls, loop } = await measure(snmpd, security, seconds);
    rows.push(`| ${name} | ${session} | ${polls} | ${loop} | ${(polls / loop).toFixed(1)} |`);
  }
  const grown = Math.round((process.memoryUsage.rss() - before) / 1024 / 1024);
  return [
    "| version | questions/s | check polls/s | snmpget loop/s | polls : loop |",
    "| ------- | ----------- | ------------- | -------------- | ------------ |",
    ...rows,
    "",
    `RSS grew by ${grown} MiB while it asked, to ${Math.round(process.memoryUsage.rss() / 1024 / 1024)} MiB.`,
  ].join("\n");
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: "3" } } });
  process.stdout.write(`${await benchSnmp(Number(values.seconds))}\n`);
}
