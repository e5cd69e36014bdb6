import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SnmpSecurity } from "@mycloud/protocol/snmp";
import { SnmpSession } from "../snmp-session.ts";
import type { SnmpTarget } from "../snmp-target.ts";
import { standardNames } from "../standard-names.ts";
import { freeUdpPort } from "./free-udp-port.ts";

const program = "/usr/sbin/snmpd";

/** Why tests with Debian's snmpd cannot run here; false when they can. In CI they have to. */
export const snmpdIsMissing: string | false =
  existsSync(program) || process.env.CI === "true" ? false : "snmpd is not installed";

/** The credentials that `startSnmpd` lets in, by version. */
export const snmpdSecurity = {
  community: SnmpSecurity.parse({ version: "2c", community: "let me in" }),
  user: SnmpSecurity.parse({
    version: "3",
    username: "monitor",
    authProtocol: "SHA-256",
    authPassword: "signing password",
    privProtocol: "AES",
    privPassword: "hiding password",
  }),
} as const;

/** For tests: Debian's snmpd on an ephemeral port of 127.0.0.1, with a folder of its own. */
export interface TestSnmpd {
  readonly port: number;
  target(security?: SnmpSecurity, changes?: Partial<SnmpTarget>): SnmpTarget;
  /** Ends it and starts it again: its engine has booted once more. */
  restart(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startSnmpd(lines: readonly string[] = []): Promise<TestSnmpd> {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-snmpd-"));
  const port = await freeUdpPort();
  mkdirSync(join(folder, "state"));
  const { user } = snmpdSecurity;
  const configuration = [
    `agentAddress udp:127.0.0.1:${port}`,
    'rocommunity "let me in" 127.0.0.1',
    `createUser ${user.username} SHA-256 "${user.authPassword}" AES "${user.privPassword}"`,
    'createUser signed SHA "signing password"',
    "createUser named",
    "rouser monitor priv",
    "rouser signed auth",
    "rouser named noauth",
    "sysName device.example.org",
    "sysLocation Rack 4",
    ...lines,
  ];
  writeFileSync(join(folder, "snmpd.conf"), `${configuration.join("\n")}\n`);
  const target: TestSnmpd["target"] = (security = snmpdSecurity.community, changes = {}) => ({
    host: "127.0.0.1",
    port,
    family: 0,
    security,
    timeoutMs: 3_000,
    retries: 1,
    ...changes,
  });
  const isReady = () => waitUntilReady(target(snmpdSecurity.community, { timeoutMs: 250, retries: 0 }));
  let stop = start(folder);
  await isReady();
  return {
    port,
    target,
    async restart() {
      await stop();
      stop = start(folder);
      await isReady();
    },
    async [Symbol.asyncDispose]() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function start(folder: string): () => Promise<void> {
  const words = ["-f", "-Lf", join(folder, "log"), "-C", "-c", join(folder, "snmpd.conf"), "-p", join(folder, "pid")];
  const child = spawn(program, words, {
    stdio: "ignore",
    env: { ...process.env, SNMP_PERSISTENT_DIR: join(folder, "state"), SNMPCONFPATH: folder },
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return async () => {
    // It keeps its users and counts its starts when it is asked to end.
    child.kill("SIGTERM");
    await ended;
  };
}

async function waitUntilReady(target: SnmpTarget): Promise<void> {
  const session = new SnmpSession(target, { gates: [] });
  const signal = AbortSignal.timeout(30_000);
  try {
    for (;;) {
      const answer = await session.get([`${standardNames.sysUpTime}.0`], signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
      });
      if (answer !== undefined) return;
      await sleep(20);
    }
  } finally {
    session.close();
  }
}
