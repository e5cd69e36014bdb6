// Runs Debian's monitoring-plugins and `mycloud check` with the same arguments in the same situation: what people have in
// their configuration must mean the same after the move. Compared are the exit codes; the texts are meant to be better.
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { requirePeer } from "../peers/peer.ts";

const PLUGINS = "/usr/lib/nagios/plugins";
const MAIN = new URL("../../checks/src/main.ts", import.meta.url).pathname;

interface Ended {
  code: number;
  stdout: string;
}

function run(file: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, [...args], { timeout: 60_000, env: { ...process.env, LC_ALL: "C" } }, (error, stdout) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, stdout });
    });
  });
}

/** Splits a line into arguments at spaces, but not inside single quotes. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? "");
}

/** How often both are asked. The machine moves between the two: a process ends, a zombie is reaped. A real difference stays. */
const attempts = 5;

async function assertSameCode(peer: string, ours: string, line: string): Promise<void> {
  const args = words(line);
  for (let attempt = 1; ; attempt++) {
    // One after the other: check_procs would find the other's arguments.
    const theirs = await run(join(PLUGINS, peer), args);
    const mine = await run(process.execPath, [MAIN, "check", ours, ...args]);
    if (mine.code !== theirs.code && attempt < attempts) continue;
    assert.equal(mine.code, theirs.code, `${peer} said: ${theirs.stdout}\nmycloud check ${ours} said: ${mine.stdout}`);
    return;
  }
}

/** Makes a test for each argument line. `$PORT` and the like are filled in when it runs. */
function compare(
  peer: string,
  ours: string,
  lines: readonly string[],
  fill: (line: string) => string = (line) => line,
) {
  for (const line of lines) {
    test(`${ours} ${line} ends as ${peer} does`, async (context) => {
      if (!requirePeer(context, join(PLUGINS, peer), "monitoring-plugins")) return;
      await assertSameCode(peer, ours, fill(line));
    });
  }
}

describe("local checks", () => {
  compare("check_load", "load", [
    "-w 1000,1000,1000 -c 2000,2000,2000",
    "-w 1000 -c 2000",
    "-r -w 1000 -c 2000",
    "-w 0,0,0 -c 1000,1000,1000",
    "-w 0,0,0 -c 0,0,0",
    "-w abc -c 1",
    "--unknown-option",
  ]);
  compare("check_swap", "swap", [
    "-w 20% -c 10%",
    "-w 20% -c 10% -n ok",
    "-w 20% -c 10% -n warning",
    "-w 1000 -c 500",
    "-w 120% -c 10%",
  ]);
  compare("check_disk", "disk", [
    "-w 20% -c 10% -p /",
    "-w 100% -c 0% -p /",
    "-w 100% -c 100% -p /",
    "-w 1 -c 0 -p /",
    "-w 999999999 -c 1 -p /",
    "-w 99999999 -c 99999999 -p /",
    "-w 999999 -c 1 -u GB -p /",
    "-w 1% -c 1% -W 100% -K 1% -p /",
    "-w 1% -c 1% -W 100% -K 100% -p /",
    "-w 10% -c 5% -p /nonexistent",
    "-w 10% -c 5% -p /usr",
    "-w 10% -c 5% -E -p /usr",
    "-w 10% -c 5% -p /usr -p /nonexistent",
    "-w 100% -c 0% -p /dev/shm -C -w 1% -c 1% -p /",
    "-w 10% -c 5% -r ^/$",
    "-w 10% -c 5% -u XB -p /",
  ]);
  compare("check_procs", "processes", [
    "",
    "-w 1: -c 1:",
    "-w 0 -c 100000",
    "-w 0 -c 0",
    "-c 1: -C no-such-program",
    "-w 1: -C no-such-program -c 0:",
    "-w @1:100000",
    "-c 1: -u root",
    "-c 1: -u no-such-user",
    "-c 1: -a no-such-argument-anywhere-else",
    "-c 1: -p 0",
    "-w 1 -m VSZ",
    "-c 1 -m RSS",
    "-w 99999999999 -m RSS",
    "-w 100000000 -c 200000000 -m ELAPSED",
    "-w 20:10",
    "-m NONSENSE",
  ]);
  compare("check_users", "users", ["-w 1000 -c 2000"]);
});

describe("zombies", () => {
  // Only this family's: -s Z of check_procs passes over a zombie that led a session, and of those a machine may have any number.
  const family: ChildProcess[] = [];
  before(async () => {
    // The shell becomes a sleep that never asks how its child ended.
    family.push(spawn("sh", ["-c", "sleep 0.01 & exec sleep 60"], { stdio: "ignore" }));
    family.push(spawn("sleep", ["60"], { stdio: "ignore" }));
    const isZombie = async () =>
      (await run("ps", ["-o", "stat=", "--ppid", String(family[0]?.pid)])).stdout.startsWith("Z");
    while (!(await isZombie())) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  after(() => {
    for (const process of family) process.kill("SIGKILL");
  });
  const lines = ["-c 0 -s Z -p $WITH", "-c 1:1 -s Z -p $WITH", "-c 0 -s Z -p $WITHOUT", "-w 0 -s ZS -p $WITHOUT"];
  compare("check_procs", "processes", lines, (line) =>
    line.replace("$WITHOUT", String(family[1]?.pid)).replace("$WITH", String(family[0]?.pid)),
  );
});

describe("check_file_age", () => {
  const folder = mkdtempSync(join(tmpdir(), "mycloud-file-age-"));
  before(() => {
    const nowSeconds = Date.now() / 1_000;
    for (const [name, age] of [
      ["fresh", 0],
      ["old", 300],
      ["ancient", 86_400],
    ] as const) {
      writeFileSync(join(folder, name), "twelve bytes");
      utimesSync(join(folder, name), nowSeconds - age, nowSeconds - age);
    }
  });
  after(() => rmSync(folder, { recursive: true }));
  const lines = [
    "-f $D/fresh",
    "-f $D/old",
    "-f $D/ancient",
    "-w 400 -c 500 -f $D/old",
    "-w 100 -c 200 -f $D/old",
    "-f $D/missing",
    "-i -f $D/missing",
    "-W 12 -C 6 -f $D/fresh",
    "-W 13 -C 6 -f $D/fresh",
    "-W 100 -C 50 -f $D/fresh",
    "",
  ];
  compare("check_file_age", "file-age", lines, (line) => line.replaceAll("$D", folder));
});

describe("ping", () => {
  compare("check_ping", "ping", [
    "-H 127.0.0.1 -w 3000,80% -c 5000,100% -p 1",
    "-H 127.0.0.1 -w 0.00001,80% -c 5000,100% -p 1",
    "-H 127.0.0.1 -w 0.00001,80% -c 0.00002,100% -p 1",
    "-6 -H ::1 -w 3000,80% -c 5000,100% -p 1",
    "-H no-such-host.invalid -w 3000,80% -c 5000,100% -p 1",
    "-H 127.0.0.1 -w nonsense -c 5000,100%",
  ]);
});

/** A server that says `greeting` on connect and answers each line with `answer`; it listens on a free loopback port. */
function textServer(greeting: string, answer: (line: string, socket: Socket) => string): Server {
  return createServer((socket) => {
    socket.on("error", () => undefined);
    if (greeting !== "") socket.write(greeting);
    socket.on("data", (data) => {
      for (const line of data
        .toString()
        .split(/\r?\n/)
        .filter((one) => one !== ""))
        socket.write(answer(line, socket));
    });
  });
}

function listen(server: Server | HttpServer): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

describe("text protocols", () => {
  const servers = {
    GREET: textServer("hello world\r\n", (line) => (line === "PING" ? "+PONG\r\n" : "?\r\n")),
    MUTE: textServer("", (line) => (line.startsWith("PING") ? "+PONG\r\n" : "")),
    SSH: textServer("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", () => ""),
    SSH1: textServer("SSH-1.5-Ancient_1.0\r\n", () => ""),
    NOTSSH: textServer("220 mail.example.org ESMTP\r\n", () => ""),
    SMTP: textServer("220 mail.example.org ESMTP\r\n", (line, socket) => {
      if (line === "QUIT") socket.end();
      if (line.startsWith("EHLO")) return "250-mail.example.org\r\n250 SIZE 1000\r\n";
      return line === "QUIT" ? "221 bye\r\n" : line.startsWith("NOPE") ? "500 what?\r\n" : "250 ok\r\n";
    }),
    BUSY: textServer("421 too busy\r\n", () => "421 too busy\r\n"),
    SILENT: textServer("", () => ""),
  };
  const ports = new Map<string, number>();
  before(async () => {
    for (const [name, server] of Object.entries(servers)) ports.set(name, await listen(server));
    const closed = createServer();
    ports.set("CLOSED", await listen(closed));
    closed.close();
  });
  after(() => {
    for (const server of Object.values(servers)) server.close();
  });
  const fill = (line: string): string =>
    line.replaceAll(/\$([A-Z0-9]+)/g, (_, name: string) => String(ports.get(name)));

  compare(
    "check_tcp",
    "tcp",
    [
      "-H 127.0.0.1 -p $GREET",
      "-H 127.0.0.1 -p $GREET -e hello",
      "-H 127.0.0.1 -p $GREET -e world",
      "-H 127.0.0.1 -p $GREET -e goodbye",
      "-H 127.0.0.1 -p $GREET -e goodbye -e hello",
      "-H 127.0.0.1 -p $GREET -A -e hello -e goodbye",
      "-H 127.0.0.1 -p $GREET -e goodbye -M crit",
      "-H 127.0.0.1 -p $GREET -e goodbye -M ok",
      "-H 127.0.0.1 -p $MUTE -E -s PING\\n -e +PONG",
      "-H 127.0.0.1 -p $SILENT -t 2 -e anything",
      "-H 127.0.0.1 -p $GREET -w 5 -c 10",
      "-H 127.0.0.1 -p $GREET -w 0.0000001 -c 10",
      "-H 127.0.0.1 -p $GREET -w 0.0000001 -c 0.0000002",
      "-H 127.0.0.1 -p $CLOSED",
      "-H 127.0.0.1 -p $CLOSED -r warn",
      "-H 127.0.0.1 -p $CLOSED -r ok",
      "-H no-such-host.invalid -p $GREET",
    ],
    fill,
  );
  compare(
    "check_ssh",
    "ssh",
    [
      "-p $SSH 127.0.0.1",
      "-H 127.0.0.1 -p $SSH",
      "-H 127.0.0.1 -p $SSH -r OpenSSH_9.2p1",
      "-H 127.0.0.1 -p $SSH -r OpenSSH_3.9p1",
      "-H 127.0.0.1 -p $SSH -P 2.0",
      "-H 127.0.0.1 -p $SSH1 -P 2.0",
      "-H 127.0.0.1 -p $NOTSSH -t 2",
      "-H 127.0.0.1 -p $SILENT -t 2",
      "-H 127.0.0.1 -p $CLOSED",
      "",
    ],
    fill,
  );
  compare(
    "check_smtp",
    "smtp",
    [
      "-H 127.0.0.1 -p $SMTP",
      "-H 127.0.0.1 -p $SMTP -e 'mail.example.org'",
      "-H 127.0.0.1 -p $SMTP -e 'other.example.org'",
      "-H 127.0.0.1 -p $SMTP -C NOOP -R 250",
      "-H 127.0.0.1 -p $SMTP -C NOPE -R 250",
      "-H 127.0.0.1 -p $SMTP -f check@example.org",
      "-H 127.0.0.1 -p $SMTP -S",
      "-H 127.0.0.1 -p $SMTP -w 0.0000001",
      "-H 127.0.0.1 -p $BUSY",
      "-H 127.0.0.1 -p $SILENT -t 2",
      "-H 127.0.0.1 -p $CLOSED",
    ],
    fill,
  );
});

describe("check_http", () => {
  let port = 0;
  const server = createHttpServer((request, response) => {
    const url = request.url ?? "/";
    const status = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200);
    if (url === "/hang") return;
    if (url === "/redirect") response.writeHead(302, { Location: "/status/200" });
    else if (url === "/redirect-away") response.writeHead(301, { Location: `http://127.0.0.1:${port}/status/404` });
    else if (url === "/loop") response.writeHead(302, { Location: "/loop" });
    else if (url === "/old") response.writeHead(200, { "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT" });
    else if (url === "/auth" && request.headers.authorization !== "Basic dXNlcjpzZWNyZXQ=") response.writeHead(401);
    else response.writeHead(status, { "X-Served-By": "test" });
    response.end(request.method === "POST" ? "posted\n" : "first line\nAll is well here\n");
  });
  before(async () => {
    port = await listen(server);
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  compare(
    "check_http",
    "http",
    [
      "-H 127.0.0.1 -p $P",
      "-I 127.0.0.1 -p $P",
      "-I 127.0.0.1 -H www.example.org -p $P -u /",
      "-H 127.0.0.1 -p $P -u /status/404",
      "-H 127.0.0.1 -p $P -u /status/500",
      "-H 127.0.0.1 -p $P -u /status/503",
      "-H 127.0.0.1 -p $P -u /status/404 -e 404",
      "-H 127.0.0.1 -p $P -u /status/200 -e 404",
      "-H 127.0.0.1 -p $P -u /status/200 -e '404,HTTP/1.1 200'",
      "-H 127.0.0.1 -p $P -u /redirect",
      "-H 127.0.0.1 -p $P -u /redirect -f ok",
      "-H 127.0.0.1 -p $P -u /redirect -f warning",
      "-H 127.0.0.1 -p $P -u /redirect -f critical",
      "-H 127.0.0.1 -p $P -u /redirect -f follow",
      "-H 127.0.0.1 -p $P -u /redirect-away -f follow",
      "-H 127.0.0.1 -p $P -u /redirect-away -f stickyport",
      "-H 127.0.0.1 -p $P -u /loop -f follow",
      "-H 127.0.0.1 -p $P -s 'All is well'",
      "-H 127.0.0.1 -p $P -s 'All is lost'",
      "-H 127.0.0.1 -p $P -r 'is w[a-e]ll'",
      "-H 127.0.0.1 -p $P -r 'is w[f-z]ll'",
      "-H 127.0.0.1 -p $P -r 'all IS'",
      "-H 127.0.0.1 -p $P -R 'all IS'",
      "-H 127.0.0.1 -p $P -r 'line.All'",
      "-H 127.0.0.1 -p $P -l -r 'line.All'",
      "-H 127.0.0.1 -p $P -r well --invert-regex",
      "-H 127.0.0.1 -p $P -d 'X-Served-By: test'",
      "-H 127.0.0.1 -p $P -d 'X-Served-By: other'",
      "-H 127.0.0.1 -p $P -m 10:100",
      "-H 127.0.0.1 -p $P -m 1000",
      "-H 127.0.0.1 -p $P -m 1:5",
      "-H 127.0.0.1 -p $P -u /old -M 1d",
      "-H 127.0.0.1 -p $P -u / -M 1d",
      "-H 127.0.0.1 -p $P -u /auth",
      "-H 127.0.0.1 -p $P -u /auth -a user:secret",
      "-H 127.0.0.1 -p $P -P a=b -s posted",
      "-H 127.0.0.1 -p $P -j HEAD",
      "-H 127.0.0.1 -p $P -w 5 -c 10",
      "-H 127.0.0.1 -p $P -w 0.0000001 -c 10",
      "-H 127.0.0.1 -p $P -w 0.0000001 -c 0.0000002",
      "-H 127.0.0.1 -p $P -u /hang -t 2",
      "-H 127.0.0.1 -p 1",
      "-H 127.0.0.1 -p $P -S",
      "-H no-such-host.invalid",
      "-H 127.0.0.1 -p $P -f nonsense",
      "",
    ],
    (line) => line.replaceAll("$P", String(port)),
  );
});

describe("deliberate differences", () => {
  const differences = [
    {
      peer: "check_disk",
      theirs: 3,
      ours: "disk",
      mine: 1,
      line: "-p / -w 100% -c 1%",
      why: "thresholds may follow the path",
    },
    {
      peer: "check_disk",
      theirs: 0,
      ours: "disk",
      mine: 3,
      line: "-w abc -c 5% -p /",
      why: "abc is no threshold, not 0",
    },
    {
      peer: "check_tcp",
      theirs: 2,
      ours: "tcp",
      mine: 3,
      line: "-H 127.0.0.1 -p 99999",
      why: "no such port: a mistake, not an outage",
    },
    {
      peer: "check_tcp",
      theirs: 2,
      ours: "tcp",
      mine: 3,
      line: "-H 127.0.0.1",
      why: "a forgotten port is a mistake, not an outage",
    },
  ];
  for (const { peer, theirs, ours, mine, line, why } of differences) {
    test(`${ours} ${line} differs from ${peer}: ${why}`, async (context) => {
      if (!requirePeer(context, join(PLUGINS, peer), "monitoring-plugins")) return;
      assert.equal((await run(join(PLUGINS, peer), words(line))).code, theirs);
      assert.equal((await run(process.execPath, [MAIN, "check", ours, ...words(line)])).code, mine);
    });
  }
});

describe("dns", () => {
  test("a name server that is not there is CRITICAL for both", async (context) => {
    if (!requirePeer(context, "/usr/bin/nslookup", "bind9-dnsutils")) return;
    await assertSameCode("check_dns", "dns", "-H www.example.org -s 127.0.0.1 -t 5");
  });
});
