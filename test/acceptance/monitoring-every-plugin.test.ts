// Every plugin of Debian's monitoring-plugins, run by itself and through an agent's check execution: what it says and how it ends must be the same.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { before, describe, test } from "node:test";
import { formatPerfdata, parsePerfdata, parsePluginOutput } from "@mycloud/checks/plugin-api";
import { executeCheck } from "../../agent/src/check-execution/index.ts";
import { startMariadb } from "../peers/mariadb.ts";
import { startNagios } from "../peers/nagios.ts";
import { startNrpe } from "../peers/nrpe.ts";
import { requirePeer } from "../peers/peer.ts";
import {
  conversations,
  makeCertificate,
  startDirectoryServer,
  startLineServer,
  startNameServer,
  startOldTimeServer,
  startPongServer,
  startPostgresServer,
  startTimeServer,
  startTlsLineServer,
  startWebServer,
} from "../peers/plugin-peers/index.ts";
import { startPostfix } from "../peers/postfix.ts";
import { type Cleanup, cleanupOfSuite, freePort, temporaryDirectory } from "../support/index.ts";

const directory = "/usr/lib/nagios/plugins";

/** Where the peers of plugins are: a port each, files, and what else their arguments name. */
type Peers = Readonly<Record<string, string | number>>;

interface Invocation {
  readonly args: (peers: Peers) => string;
  /** How the plugin ends when it really spoke to its peer. */
  readonly code: number;
  /** What it says then. */
  readonly says: RegExp;
  /** Times, loads and the like differ from one run to the next: each figure, its sign with it, counts as 0. All others say the same to the last digit. */
  readonly isVolatile?: true;
}

const here = "-H 127.0.0.1";
const volatile = { isVolatile: true } as const;

/** Plugins with something to speak to: a program, a small server (test/peers/plugin-peers), files, or this machine itself. */
const invocations: Readonly<Record<string, Invocation>> = {
  // Without the simulated upgrade, which takes longer the more there is.
  check_apt: { args: () => "-n", code: 0, says: /^APT OK/ },
  check_clamd: { args: ({ clamd }) => `${here} -p ${clamd} -s PING -e PONG`, code: 0, says: /PONG/, ...volatile },
  check_cluster: { args: () => "-s -l cluster -d 0,2,0 -c 1", code: 0, says: /1 critical/ },
  check_curl: { args: ({ web }) => `-I 127.0.0.1 -p ${web} -s words`, code: 0, says: /200 OK/, ...volatile },
  check_dig: {
    args: ({ dns }) => `${here} -p ${dns} -l www.example.org -a 192.0.2.80`,
    code: 0,
    says: /www/,
    ...volatile,
  },
  check_disk: { args: () => "-w 0% -c 0% -p /", code: 0, says: /DISK OK/, ...volatile },
  check_dns: {
    args: ({ dnsAddress }) => `-H www.example.org -s ${dnsAddress} -a 192.0.2.80`,
    code: 0,
    says: /DNS OK/,
    ...volatile,
  },
  check_dummy: { args: () => "2 'said | so=1;2;3;4;5'", code: 2, says: /said/ },
  check_file_age: { args: ({ file }) => `-f ${file} -w 1000000 -c 2000000`, code: 0, says: /FILE_AGE OK/, ...volatile },
  check_ftp: { args: ({ ftp }) => `${here} -p ${ftp}`, code: 0, says: /220 ready/, ...volatile },
  check_host: { args: () => `${here} -n 1`, code: 0, says: /^OK/, ...volatile },
  check_http: { args: ({ web }) => `-I 127.0.0.1 -p ${web} -s words`, code: 0, says: /200 OK/, ...volatile },
  check_icmp: { args: () => `${here} -n 1 -t 3`, code: 0, says: /^OK/, ...volatile },
  check_imap: { args: ({ imap }) => `${here} -p ${imap}`, code: 0, says: /IMAP4 ready/, ...volatile },
  check_ircd: { args: ({ ircd }) => `${here} -p ${ircd}`, code: 0, says: /Current Local Users: 7/ },
  check_jabber: { args: ({ jabber }) => `${here} -p ${jabber} -e stream:stream`, code: 0, says: /OK/, ...volatile },
  check_ldap: {
    args: ({ ldap }) => `${here} -p ${ldap} -3 -b dc=example,dc=org`,
    code: 0,
    says: /LDAP OK/,
    ...volatile,
  },
  check_ldaps: { args: ({ ldaps }) => `${here} -p ${ldaps} -3 -b dc=example,dc=org`, code: 2, says: /startTLS/ },
  check_load: { args: () => "-w 1000,1000,1000 -c 2000,2000,2000", code: 0, says: /load average/, ...volatile },
  check_log: { args: ({ file, seen }) => `-F ${file} -O ${seen} -q words`, code: 0, says: /Log check|OK/ },
  check_mailq: { args: ({ postfixEtc }) => `-M postfix -w 5 -c 10 -d ${postfixEtc}`, code: 0, says: /OK/ },
  check_mrtg: { args: ({ mrtg }) => `-F ${mrtg} -a AVG -v 1 -w 1000 -c 2000 -l in`, code: 0, says: /in/ },
  check_mrtgtraf: { args: ({ mrtg }) => `-F ${mrtg} -a MAX -w 1,1 -c 9000,9000`, code: 1, says: /Traffic WARNING/ },
  check_mysql: { args: ({ mysql }) => `${here} -P ${mysql} -u root`, code: 0, says: /Uptime/, ...volatile },
  check_mysql_query: {
    args: ({ mysql }) => `${here} -P ${mysql} -u root -d mysql -q 'select 42' -w 10`,
    code: 1,
    says: /42/,
  },
  check_nagios: {
    args: ({ nagiosStatus }) => `-F ${nagiosStatus} -e 5 -C nagios4`,
    code: 0,
    says: /NAGIOS OK/,
    ...volatile,
  },
  check_nntp: { args: ({ nntp }) => `${here} -p ${nntp}`, code: 0, says: /200 ready/, ...volatile },
  check_nntps: { args: ({ nntps }) => `${here} -p ${nntps}`, code: 0, says: /200 ready/, ...volatile },
  check_nrpe: { args: ({ nrpe }) => `${here} -p ${nrpe} -c said`, code: 1, says: /by nrpe/ },
  check_nscp_api: {
    args: ({ webTls }) => `${here} -P ${webTls} --password x -q check_ok`,
    code: 1,
    says: /all is well/,
  },
  check_nt: { args: ({ nt }) => `${here} -p ${nt} -v CLIENTVERSION`, code: 0, says: /NSClient\+\+/ },
  check_ntp: { args: ({ ntpAddress }) => `-H ${ntpAddress}`, code: 0, says: /Offset/, ...volatile },
  check_ntp_peer: { args: ({ ntp }) => `${here} -p ${ntp}`, code: 0, says: /Offset/ },
  check_ntp_time: { args: ({ ntp }) => `${here} -p ${ntp}`, code: 0, says: /Offset/, ...volatile },
  check_nwstat: { args: ({ nwstat }) => `${here} -p ${nwstat} -v CONNS`, code: 0, says: /7/ },
  check_overcr: { args: ({ overcr }) => `${here} -p ${overcr} -v UPTIME`, code: 0, says: /Uptime/i },
  check_pgsql: { args: ({ pgsql }) => `${here} -P ${pgsql} -d template1 -l nobody`, code: 0, says: /OK/, ...volatile },
  check_ping: { args: () => `${here} -w 1000,100% -c 2000,100% -p 1`, code: 0, says: /PING OK/, ...volatile },
  check_pop: { args: ({ pop }) => `${here} -p ${pop}`, code: 0, says: /ready/, ...volatile },
  check_procs: { args: () => "-w 100000 -c 200000", code: 0, says: /PROCS OK/, ...volatile },
  check_real: { args: ({ real }) => `${here} -p ${real}`, code: 0, says: /second response/, ...volatile },
  check_rta_multi: { args: () => `${here} -n 1`, code: 0, says: /^OK/, ...volatile },
  check_simap: { args: ({ imaps }) => `${here} -p ${imaps}`, code: 0, says: /IMAP4 ready/, ...volatile },
  check_smtp: { args: ({ smtp }) => `${here} -p ${smtp}`, code: 0, says: /SMTP OK/, ...volatile },
  check_spop: { args: ({ pops }) => `${here} -p ${pops}`, code: 0, says: /ready/, ...volatile },
  check_ssh: { args: ({ ssh }) => `-p ${ssh} 127.0.0.1`, code: 0, says: /OpenSSH_9/, ...volatile },
  check_ssmtp: { args: ({ smtps }) => `${here} -p ${smtps}`, code: 0, says: /mail.example.org/, ...volatile },
  check_swap: { args: () => "-w 2% -c 1% -n ok", code: -1, says: /SWAP/, ...volatile },
  check_tcp: { args: ({ tcp }) => `${here} -p ${tcp} -e hello`, code: 0, says: /hello/, ...volatile },
  check_time: { args: ({ time }) => `${here} -p ${time} -w 5 -c 10`, code: 0, says: /TIME OK/, ...volatile },
  check_udp: { args: ({ pong }) => `${here} -p ${pong} -s ping -e pong`, code: 0, says: /pong/, ...volatile },
  check_ups: { args: ({ ups }) => `${here} -p ${ups} -u x`, code: 0, says: /Online/ },
  check_users: { args: () => "-w 10000 -c 20000", code: 0, says: /users currently/ },
  negate: { args: () => `${directory}/check_dummy 0 fine`, code: 2, says: /fine/ },
  urlize: { args: () => `http://www.example.org/ ${directory}/check_dummy 1 slow`, code: 1, says: /href/ },
};

/** Plugins that have nothing here to speak to, why, and how they are asked all the same: each ends with a refusal or its help. */
const withoutPeer: Readonly<Record<string, readonly [why: string, args: string]>> = {
  check_breeze: ["asks a wireless bridge by snmpget, which is not installed", "-H 127.0.0.1 -C public -w 10 -c 5"],
  check_by_ssh: ["needs an SSH server to log in to", "-H 127.0.0.1 -p 1 -C true -t 5"],
  check_dbi: ["needs a driver of libdbi", "-d nothing -q x"],
  check_dhcp: ["needs a network with a DHCP server; would broadcast", "--help"],
  check_disk_smb: ["runs smbclient, which is not installed", "-H 127.0.0.1 -s share"],
  check_flexlm: ["runs a licence manager's lmstat, which is not free", "-F /nonexistent"],
  check_fping: ["runs fping, which is not installed", "-H 127.0.0.1 -n 1"],
  check_game: ["runs qstat, which is not installed", "--help"],
  check_hpjd: ["asks a printer by snmpget, which is not installed", "-H 127.0.0.1"],
  check_ide_smart: ["asks a disk, which a virtual machine has none of", "-d /dev/null"],
  check_ifoperstatus: ["asks a switch by Perl's Net::SNMP, which is not installed", "-H 127.0.0.1 -k 1"],
  check_ifstatus: ["asks a switch by Perl's Net::SNMP, which is not installed", "-H 127.0.0.1"],
  check_oracle: ["needs Oracle's client, which is not free", "--tns x"],
  check_radius: ["needs a library that is not installed", "--help"],
  check_rpc: ["runs rpcinfo, which is not installed", "-H 127.0.0.1 -C nfs"],
  check_sensors: ["reads a mainboard's sensors, which a virtual machine has none of", ""],
  check_snmp: ["runs snmpget, which is not installed", "-H 127.0.0.1:1 -o 1.3 -t 1 -e 0"],
  check_wave: ["asks a wireless bridge by snmpget, which is not installed", "-H 127.0.0.1 -w 10 -c 5"],
};

/** What a plugin said, parts apart, with figures that change from run to run left out. */
interface Said {
  readonly returnCode: number;
  readonly output: string;
  readonly longOutput: string;
  readonly perfdata: string;
}

function saidBy(returnCode: number, text: string, isVolatile: boolean): Said {
  const { output, longOutput, perfdata } = parsePluginOutput(text);
  const without = (words: string) =>
    (isVolatile ? words.replace(/-?\d+([.,]\d+)*(e[+-]?\d+)?/g, "0").replace(/\bsecond\b/g, "seconds") : words).trim();
  return {
    returnCode,
    output: without(output),
    // The agent adds what went to standard error.
    longOutput: without(longOutput.replace(/^stderr: [\s\S]*$/m, "")),
    // The agent writes figures in one form, and leaves out what is none: the `|` of a help text.
    perfdata: without(formatPerfdata(parsePerfdata(perfdata).perfdata)),
  };
}

/** As Nagios runs it. */
function alone(
  path: string,
  args: readonly string[],
): Promise<{ returnCode: number; exitCode: number; stdout: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, LC_ALL: "C" }, maxBuffer: 16 * 1024 * 1024, timeout: 60_000 };
    const child = execFile(path, [...args], options, (error, stdout) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 3;
      resolve({ returnCode: Math.min(code, 3), exitCode: code, stdout });
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

/** Starts everything that plugins speak to; a program that is missing skips its plugin, and fails where CI=true. */
async function startPeers(cleanup: Cleanup): Promise<Peers> {
  const files = await temporaryDirectory("plugins");
  const [file, mrtg] = [join(files, "words.log"), join(files, "mrtg.log")];
  await writeFile(file, "a line of words\n");
  const now = Math.floor(Date.now() / 1000);
  await writeFile(mrtg, `${now} 100 200\n${now} 300 400 500 600\n${now - 300} 300 400 500 600\n`);
  const certificate = await makeCertificate();
  const lines = Object.entries(conversations).map(
    async ([name, conversation]) => [name, await startLineServer(cleanup, conversation)] as const,
  );
  const tls = (["imap", "pop", "nntp", "smtp"] as const).map(
    async (name) => [`${name}s`, await startTlsLineServer(cleanup, conversations[name], certificate)] as const,
  );
  const rootAddress = "127.0.53.1";
  const others: Readonly<Record<string, Promise<string | number>>> = {
    web: startWebServer(cleanup),
    webTls: startWebServer(cleanup, certificate),
    dns: startNameServer(cleanup),
    // nslookup asks port 53 and check_ntp 123, no others, which takes root.
    dnsAddress: startNameServer(cleanup, { address: rootAddress, port: 53 }).then(() => rootAddress),
    ntp: startTimeServer(cleanup),
    ntpAddress: startTimeServer(cleanup, { address: rootAddress, port: 123 }).then(() => rootAddress),
    pong: startPongServer(cleanup),
    time: startOldTimeServer(cleanup),
    ldap: startDirectoryServer(cleanup),
    ldaps: startDirectoryServer(cleanup, certificate),
    pgsql: startPostgresServer(cleanup),
    ...programs(cleanup),
  };
  const started = await Promise.all(Object.entries(others).map(async ([name, value]) => [name, await value] as const));
  return {
    file,
    mrtg,
    seen: join(files, "seen"),
    ...Object.fromEntries([...(await Promise.all([...lines, ...tls])), ...started]),
  };
}

/** Debian's own programs. */
function programs(cleanup: Cleanup) {
  const mysql = startMariadb().then((mariadb) => {
    cleanup.after(() => mariadb.stop());
    return new URL(mariadb.url).port;
  });
  const nrpe = freePort().then(async (port) => {
    const peer = await startNrpe(port, ["command[said]=/bin/sh -c 'echo said by nrpe; exit 1'"]);
    cleanup.after(() => peer.stop());
    return port;
  });
  const nagiosStatus = startNagios([]).then((nagios) => {
    cleanup.after(() => nagios.stop());
    return nagios.statusFile;
  });
  const smtp = freePort().then(async (port) => {
    const postfix = await startPostfix(port, ["anna"]);
    cleanup.after(() => postfix.stop());
    return { port, etc: dirname(postfix.certificateFile) };
  });
  return { mysql, nrpe, nagiosStatus, smtp: smtp.then(({ port }) => port), postfixEtc: smtp.then(({ etc }) => etc) };
}

describe("every plugin that is installed", { concurrency: 3 }, async () => {
  const cleanup = cleanupOfSuite();
  let peers: Peers = {};
  const isThere = existsSync(join(directory, "check_dummy"));
  before(async () => {
    process.env.LC_ALL = "C";
    if (isThere) peers = await startPeers(cleanup);
  });
  const plugins = await pluginsHere();
  for (const name of plugins) {
    const invocation = invocations[name];
    const about = invocation === undefined ? `, asked in vain: ${withoutPeer[name]?.[0]}` : "";
    test(`${name} says through the agent what it says alone${about}`, async (t) => {
      if (!requirePeer(t, join(directory, "check_dummy"), "monitoring-plugins")) return;
      const path = join(directory, name);
      const args = words(invocation?.args(peers) ?? withoutPeer[name]?.[1] ?? "");
      const own = await alone(path, args);
      // A library is missing: nothing is said, and the exit code is the loader's.
      const isLoaded = own.exitCode !== 127;
      if (invocation !== undefined && isLoaded) {
        assert.match(own.stdout, invocation.says);
        if (invocation.code >= 0) assert.equal(own.returnCode, invocation.code, own.stdout);
      }
      if (name === "check_log") await rm(String(peers.seen), { force: true });
      const { returnCode, output } = await throughAgent(path, args);
      if (own.stdout.trim() === "") {
        // Nothing was said about the service, whatever the exit code.
        assert.equal(returnCode, 3, output);
        return;
      }
      const isVolatile = invocation?.isVolatile ?? false;
      assert.deepEqual(saidBy(returnCode, output, isVolatile), saidBy(own.returnCode, own.stdout, isVolatile));
    });
  }
  test("there are as many as Debian's packages have, each with a peer or the reason why it has none", async (t) => {
    if (!requirePeer(t, join(directory, "check_dummy"), "monitoring-plugins")) return;
    assert.ok(plugins.length >= 50);
    assert.deepEqual(
      plugins.filter((name) => name in invocations === name in withoutPeer),
      [],
    );
  });
});
