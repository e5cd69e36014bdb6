// Every plugin of Debian's monitoring-plugins, run by itself and through an agent's check execution: what it says and how it ends must be the same.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { formatPerfdata, parsePerfdata, parsePluginOutput } from "@mycloud/checks/plugin-api";
import { executeCheck } from "../../agent/src/check-execution/index.ts";
import { requirePeer } from "../peers/peer.ts";

const directory = "/usr/lib/nagios/plugins";

/** Invocations that end by themselves with a real result, on any machine and without changing it; port 1 refuses. All others are asked for help. */
const invocations: Readonly<Record<string, string>> = {
  check_by_ssh: "-H 127.0.0.1 -p 1 -C true -t 5",
  check_clamd: "-H 127.0.0.1 -p 1",
  check_cluster: "-s -l cluster -d 0,2,0 -c 1",
  check_curl: "-I 127.0.0.1 -p 1",
  check_dbi: "-d nothing -q x",
  check_disk: "-w 0% -c 0% -p /",
  check_dummy: "2 'said | so=1;2;3;4;5'",
  check_file_age: "-f /etc/passwd -w 1000000000 -c 2000000000",
  check_fping: "-H 127.0.0.1 -n 1",
  check_ftp: "-H 127.0.0.1 -p 1",
  check_http: "-I 127.0.0.1 -p 1",
  check_icmp: "-H 127.0.0.1 -n 1 -t 3",
  check_imap: "-H 127.0.0.1 -p 1",
  check_jabber: "-H 127.0.0.1 -p 1",
  check_ldap: "-H 127.0.0.1 -p 1 -b dc=x -t 3",
  check_load: "-w 1000,1000,1000 -c 2000,2000,2000",
  check_log: "-F /nonexistent -O /nonexistent -q x",
  check_mysql: "-H 127.0.0.1 -P 1",
  check_nagios: "-F /nonexistent -e 5 -C nothing",
  check_nntp: "-H 127.0.0.1 -p 1",
  check_nrpe: "-H 127.0.0.1 -p 1 -t 5",
  check_nt: "-H 127.0.0.1 -p 1 -v UPTIME -t 3",
  check_ping: "-H 127.0.0.1 -w 1000,100% -c 2000,100% -p 1",
  check_pgsql: "-H 127.0.0.1 -P 1",
  check_pop: "-H 127.0.0.1 -p 1",
  check_procs: "-w 100000 -c 200000",
  check_simap: "-H 127.0.0.1 -p 1",
  check_smtp: "-H 127.0.0.1 -p 1",
  check_snmp: "-H 127.0.0.1:1 -o 1.3 -t 1 -e 0",
  check_spop: "-H 127.0.0.1 -p 1",
  check_ssh: "-p 1 127.0.0.1",
  check_swap: "-w 0 -c 0",
  check_tcp: "-H 127.0.0.1 -p 1",
  check_time: "-H 127.0.0.1 -p 1",
  check_udp: "-H 127.0.0.1 -p 1 -s x -e y -t 1",
  check_ups: "-H 127.0.0.1 -p 1 -u x",
  check_users: "-w 10000 -c 20000",
  negate: `${directory}/check_dummy 0 fine`,
  urlize: `http://www.example.org/ ${directory}/check_dummy 1 slow`,
};

/** What a plugin said, parts apart, with figures that change from run to run left out. */
interface Said {
  readonly returnCode: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
}

function saidBy(returnCode: number, text: string): Said {
  const { output, longOutput, perfdata } = parsePluginOutput(text);
  const without = (words: string) => words.replace(/\d+([.,]\d+)*/g, "0").trim();
  return {
    returnCode,
    output: without(output),
    longOutput: without(longOutput),
    // The agent writes figures in one form, and leaves out what is none: the `|` of a help text.
    perfdata: without(formatPerfdata(parsePerfdata(perfdata).perfdata)),
  };
}

/** As Nagios runs it. */
function alone(path: string, args: readonly string[]): Promise<{ returnCode: number; stdout: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, LC_ALL: "C" }, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile(path, [...args], options, (error, stdout) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 3;
      resolve({ returnCode: Math.min(code, 3), stdout });
    });
    child.stdin?.end();
  });
}

async function throughAgent(path: string, args: readonly string[]) {
  return await executeCheck(
    { command: "external", arguments: ["--", path, ...args], timeoutSeconds: 30 },
    {
      signal: new AbortController().signal,
      memory: new Map(),
      agent: { version: "test" } as never,
      procRoot: "/proc",
      sysRoot: "/sys",
      now: Date.now,
      monotonicNow: () => performance.now(),
    },
  );
}

const words = (line: string): string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, a, b]) => a ?? b ?? "");

async function pluginsHere(): Promise<string[]> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => !name.startsWith("utils."));
  const usable = await Promise.all(
    names.map((name) =>
      access(join(directory, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return names.filter((_, index) => usable[index]).sort();
}

describe("every plugin that is installed", { concurrency: 3 }, async () => {
  before(() => {
    process.env.LC_ALL = "C";
  });
  for (const name of await pluginsHere()) {
    test(`${name} says through the agent what it says alone`, async (t) => {
      if (!requirePeer(t, join(directory, "check_dummy"), "monitoring-plugins")) return;
      const path = join(directory, name);
      const args = words(invocations[name] ?? "--help");
      const own = await alone(path, args);
      const { returnCode, output } = await throughAgent(path, args);
      if (own.stdout.trim() === "") {
        // Nothing was said about the service, whatever the exit code.
        assert.equal(returnCode, 3, output);
        return;
      }
      assert.deepEqual(saidBy(returnCode, output), saidBy(own.returnCode, own.stdout));
    });
  }
  test("there are as many as Debian's packages have", async (t) => {
    if (!requirePeer(t, join(directory, "check_dummy"), "monitoring-plugins")) return;
    assert.ok((await pluginsHere()).length >= 50);
  });
});
