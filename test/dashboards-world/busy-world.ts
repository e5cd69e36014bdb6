import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cleanup } from "../support/cleanup.ts";
import { freePort, runMycloud, type TestUp, temporaryDirectory } from "../support/index.ts";

/** A world in which something goes on of everything that there is. */
export interface BusyWorld {
  readonly stateDir: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Says what is to be done; the first backup begins with it. */
  define(up: TestUp, host: string): Promise<void>;
  /** Writes the samples of all results to a store. */
  writeTo(up: TestUp, url: string): Promise<void>;
  /** A second of it: a rate is one of what goes on. */
  goOn(up: TestUp): Promise<void>;
}

/** Prepares it before `mycloud up` starts. */
export async function createBusyWorld(cleanup: Cleanup): Promise<BusyWorld> {
  const stateDir = await temporaryDirectory("busy");
  const data = await temporaryDirectory("busy-data");
  await mkdir(join(data, "files"));
  for (let at = 0; at < 5; at++) await writeFile(join(data, `files/${at}.txt`), `file ${at}\n`.repeat(1_000));
  await mkdir(join(stateDir, "agent"), { mode: 0o700 });
  await writeFile(join(stateDir, "agent/policy.yaml"), `logRoots: ["${data}"]\n`);
  const sink = createServer((request, response) => request.resume().on("end", () => response.end()));
  const swallow = createTcpServer((socket) => socket.on("error", () => undefined).resume());
  const [web, tcp] = await Promise.all([listening(cleanup, sink), listening(cleanup, swallow)]);
  const [arbiter, livestatus, nsca, syslog] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const nameServer = `127.0.0.1:${await freePort()}`;

  return {
    stateDir,
    environment: {
      MYCLOUD_OUTGOING_NETWORKS: "127.0.0.1",
      MYCLOUD_DNS: nameServer,
      MYCLOUD_WS_ARBITER: `127.0.0.1:${arbiter}`,
      MYCLOUD_LIVESTATUS: `127.0.0.1:${livestatus}`,
      MYCLOUD_NSCA: `127.0.0.1:${nsca}`,
      MYCLOUD_NSCA_PASSWORD: "a password",
      MYCLOUD_SYSLOG: `127.0.0.1:${syslog}`,
    },
    async define(up, host) {
      const definitions = await temporaryDirectory("busy-definitions");
      await writeFile(join(definitions, "all.yaml"), describe(host, data, { web, tcp }));
      const { code, stderr } = await runMycloud(["apply", "-f", definitions, "--state-dir", up.stateDir]);
      // What an internal error was is in the control plane's own words only.
      if (code !== 0) throw new Error(`${stderr}\n${up.process.stdout().slice(-4_000)}`);
      // A device as its prober would tell of it.
      await sendResults(up, [
        ["uptime", "up | uptime=86400s"],
        ["eth0", "up | eth0_in_bps=1000 eth0_out_bps=500 eth0_errors=0 eth0_discards=0"],
      ]);
    },
    async writeTo(up, url) {
      await must(up, "/api/v1/remote-writes", { name: "store", url });
    },
    async goOn(up) {
      const now = new Date().toISOString();
      const [{ id: hostId }] = (await up.api("GET", "/api/v1/hosts?filter={}&perPage=1")).body.data;
      await Promise.all([
        appendFile(join(data, "app.log"), `${now} went on\n`),
        say(syslog, `<13>1 ${now} web9 app - - - went on\n`),
        say(livestatus, "GET hosts\nColumns: name\n\n"),
        lookUp(nameServer),
        say(nsca, "this is no message of nsca"),
        fetch(`http://127.0.0.1:${arbiter}/push_check_result`, { method: "POST", body: new URLSearchParams() }),
        up.api("GET", `/api/v1/machines/${hostId}/files`),
        sendResults(up, [["uptime", "up | uptime=86400s"]]),
        strangerAsks(up),
        sleep(1_000),
      ]);
    },
  };
}

/** What is defined: one of each kind that makes figures. */
function describe(host: string, data: string, ports: { readonly web: number; readonly tcp: number }): string {
  return `kind: BackupPolicy
name: files
spec:
  selector: { hosts: ["${host}"] }
  paths: ["${data}/files"]
  schedule: { splaySeconds: 0 }
---
kind: LogSource
name: app
spec:
  selector: { hosts: ["${host}"] }
  input: { type: file, paths: ["${data}/*.log"], startAt: beginning }
  service: app
---
kind: LogForward
name: siem
spec: { target: { type: syslog, transport: tcp, host: 127.0.0.1, port: ${ports.tcp} } }
---
kind: Forward
name: elsewhere
spec: { selector: {}, results: all, target: { type: ws-arbiter, url: "http://127.0.0.1:${ports.web}" } }
---
kind: Contact
name: hook
spec: { channels: [{ type: webhook, url: "http://127.0.0.1:${ports.web}/hook", secret: "a secret of the hook" }] }
---
kind: Zone
name: busy.example
spec:
  authority: { hostmaster: hostmaster@busy.example }
  records:
    - { name: "@", type: NS, records: [ns1.example.net.] }
    - { name: www, type: A, records: [192.0.2.1] }
---
kind: NotificationRule
name: everything
spec: { selector: {}, states: [CRITICAL], contacts: [hook] }
`;
}

async function sendResults(up: TestUp, results: readonly (readonly [service: string, output: string])[]) {
  const [{ name: host }] = (await up.api("GET", "/api/v1/hosts?filter={}&perPage=1")).body.data;
  const body = results.map(([service, output]) => ({ host, service, returnCode: 0, output }));
  await must(up, "/api/v1/check-results", body);
}

async function must(up: TestUp, path: string, body: unknown): Promise<void> {
  const answer = await up.api("POST", path, { body });
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

/** Somebody without a token, at the storage server. */
async function strangerAsks(up: TestUp): Promise<void> {
  const { body } = await up.api("GET", "/api/v1/storage-servers");
  for (const { url } of body.data)
    await fetch(`${url}/nobody/config`, { headers: { authorization: "Basic bm86bm8=" } });
}

/** A name of the zone, and one that is not there. */
async function lookUp(nameServer: string): Promise<void> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([nameServer]);
  await Promise.allSettled(["www.busy.example", "gone.busy.example"].map((name) => resolver.resolve4(name)));
}

/** Says a text to a port, and waits a moment for what is answered. */
async function say(port: number, text: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => undefined).on("close", () => resolve());
    socket.resume().setTimeout(800, () => socket.destroy());
    socket.write(text);
  });
}

async function listening(cleanup: Cleanup, server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  cleanup.after(() => {
    server.close();
  });
  return address === null || typeof address === "string" ? 0 : address.port;
}
