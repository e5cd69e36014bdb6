import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { FluentClient, FluentServer } from "@fluent-org/logger";
import { startClickHouse } from "../../control-plane/src/log-store/testing/start-clickhouse.ts";
import {
  cleanupOfSuite,
  freePort,
  makeCertificates,
  startServer,
  type TestServer,
  temporaryDirectory,
  waitFor,
} from "../support/index.ts";

const run = promisify(execFile);
const rsyslogd = "/usr/sbin/rsyslogd";

describe("the log receiver and the programs that speak its protocols", () => {
  const cleanup = cleanupOfSuite();
  let server: TestServer;
  let directory = "";
  let certificate: (file: string) => string;
  const ports = { forward: 0, syslog: 0, syslogTls: 0 };

  before(async () => {
    directory = await temporaryDirectory("logs");
    certificate = makeCertificates(directory, ["logs"]);
    for (const name of ["forward", "syslog", "syslogTls"] as const) ports[name] = await freePort();
    server = await startServer(cleanup, {
      env: {
        MYCLOUD_FORWARD: `127.0.0.1:${ports.forward}`,
        MYCLOUD_SYSLOG: `127.0.0.1:${ports.syslog}`,
        MYCLOUD_SYSLOG_TLS: `127.0.0.1:${ports.syslogTls}`,
        MYCLOUD_OUTGOING_NETWORKS: "127.0.0.0/8",
        MYCLOUD_SYSLOG_TIME_ZONE: "UTC",
        MYCLOUD_LOG_TLS_CERT: certificate("logs.pem"),
        MYCLOUD_LOG_TLS_KEY: certificate("logs.key"),
        TZ: "UTC",
      },
    });
    const senders = [
      { name: "here", protocols: ["syslog"], networks: ["127.0.0.0/8"] },
      { name: "fluentd", protocols: ["forward", "http"], username: "fluentd", password: "secret p", secret: "shared" },
    ];
    for (const body of senders) {
      const made = await server.api("POST", "/api/v1/log-senders", { body });
      assert.equal(made.status, 200, JSON.stringify(made.body));
    }
  });

  /** Messages that a query finds, oldest first, when there are so many. */
  async function stored(query: string, count: number): Promise<Record<string, unknown>[]> {
    const path = `/api/v1/logs?query=${encodeURIComponent(query)}&order=oldest&limit=1000`;
    return await waitFor(
      async () => {
        const answer = await server.api("GET", path);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        return answer.body.records.length >= count ? answer.body.records : undefined;
      },
      30_000,
      `${count} records of ${query}`,
    );
  }

  it("takes what logger(1) sends, by UDP and TCP, of both RFCs, counted and in lines", async () => {
    const at = ["-n", "127.0.0.1", "-P", String(ports.syslog), "-p", "local3.warning", "-i", "-t", "tester"];
    await run("logger", [...at, "--udp", "--rfc3164", "peer-logger one"]);
    await run("logger", [...at, "--udp", "--rfc5424", "peer-logger two"]);
    await run("logger", [...at, "--tcp", "--rfc3164", "peer-logger three"]);
    await run("logger", [...at, "--tcp", "--rfc5424", "--octet-count", "peer-logger four"]);
    const sd = ["--sd-id", "test@32473", "--sd-param", 'name="a \\"quoted\\" value"'];
    await run("logger", [...at, "--tcp", "--rfc5424", "--octet-count", ...sd, "peer-logger five"]);
    const records = await stored("peer-logger", 5);
    for (const { service, severity, facility, source } of records) {
      assert.deepEqual([service, severity, facility, source], ["tester", "warning", "local3", "syslog"]);
    }
    assert.equal(new Set(records.map(({ host }) => host)).size, 1);
    const five = records.find(({ message }) => message === "peer-logger five");
    assert.deepEqual(five?.fields, { ...Object(five?.fields), "test@32473.name": 'a "quoted" value' });
  });

  it("takes what rsyslogd sends, by UDP, TCP in lines and counted, and TLS by OpenSSL and GnuTLS", {
    skip: !existsSync(rsyslogd),
  }, async () => {
    const work = join(directory, "rsyslog");
    await mkdir(work);
    const input = join(directory, "input.log");
    await writeFile(input, "");
    const to = (more: string) => `action(type="omfwd" target="127.0.0.1" ${more})`;
    const tls = `StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid"`;
    const configuration = [
      `global(workDirectory="${work}" DefaultNetstreamDriverCAFile="${certificate("ca.pem")}")`,
      `module(load="imfile")`,
      `input(type="imfile" File="${input}" Tag="fromfile:" Facility="local5" ruleset="out")`,
      `ruleset(name="out") {`,
      to(`port="${ports.syslog}" protocol="udp" template="RSYSLOG_SyslogProtocol23Format"`),
      to(`port="${ports.syslog}" protocol="tcp" TCP_Framing="traditional"`),
      to(`port="${ports.syslog}" protocol="tcp" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"`),
      ...["ossl", "gtls"].map((driver) =>
        to(`port="${ports.syslogTls}" protocol="tcp" TCP_Framing="octet-counted" StreamDriver="${driver}" ${tls}`),
      ),
      `}`,
    ];
    const file = join(directory, "rsyslog.conf");
    await writeFile(file, `${configuration.join("\n")}\n`);
    const child = spawn(rsyslogd, ["-n", "-f", file, "-i", join(work, "pid")], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (bytes) => {
      said += bytes;
    });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    try {
      const lines = Array.from({ length: 50 }, (_, index) => `peer-rsyslog line ${index} with "quotes" and ü`);
      await writeFile(input, `${lines.join("\n")}\n`, { flag: "a" });
      const records = await stored("peer-rsyslog", 250).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${said}`);
      });
      const counts = new Map<string, number>();
      for (const { message } of records) counts.set(String(message), (counts.get(String(message)) ?? 0) + 1);
      assert.deepEqual([...counts.keys()].sort(), [...lines].sort());
      assert.deepEqual(new Set(counts.values()), new Set([5]));
      assert.deepEqual(new Set(records.map(({ facility }) => facility)), new Set(["local5"]));
    } finally {
      child.kill("SIGTERM");
      await ended;
    }
  });

  function client(more: object, security: object | null = {}): FluentClient {
    const tls = { ca: undefined as Buffer | undefined, servername: "logs.example.org" };
    return new FluentClient("app", {
      ack: { ackTimeout: 20_000 },
      socket: { host: "127.0.0.1", port: ports.forward, tls: { ...tls, ca: ca } },
      ...(security === null
        ? {}
        : {
            security: {
              clientHostname: "peer",
              sharedKey: "shared",
              username: "fluentd",
              password: "secret p",
              ...security,
            },
          }),
      ...more,
    });
  }
  let ca: Buffer;
  before(async () => {
    ca = await readFile(certificate("ca.pem"));
  });

  it("takes what @fluent-org/logger sends over TLS in all modes, signed in, and acknowledges it", async () => {
    for (const eventMode of ["Message", "Forward", "PackedForward", "CompressedPackedForward"] as const) {
      const sender = client({ eventMode });
      await Promise.all(
        [1, 2, 3].map((n) => sender.emit("x", { message: `peer-fluent ${eventMode} ${n}`, level: "error" })),
      );
      await sender.shutdown();
    }
    const records = await stored("peer-fluent", 12);
    assert.equal(records.length, 12);
    for (const { source, severity } of records) assert.deepEqual([source, severity], ["app.x", "err"]);
  });

  /** How many times somebody proved nothing right. */
  async function refusals(): Promise<number> {
    const answer = await server.api("GET", "/metrics");
    const line = /^mycloud_log_receiver_refused_total\{[^}]*wrong-credentials[^}]*\} (\d+)$/m.exec(String(answer.body));
    return Number(line?.[1] ?? 0);
  }

  it("refuses wrong keys and passwords", async () => {
    for (const wrong of [{ sharedKey: "wrong" }, { password: "wrong" }, { username: "nobody" }]) {
      const before = await refusals();
      const sender = client({ eventMode: "Message" }, wrong);
      sender.emit("x", { message: "peer-wrong" }).catch(() => undefined);
      await waitFor(async () => (await refusals()) > before, 20_000, `a refusal of ${JSON.stringify(wrong)}`);
      await sender.disconnect().catch(() => undefined);
    }
    const answer = await server.api("GET", "/api/v1/logs?query=peer-wrong");
    assert.deepEqual(answer.body.records, []);
  });

  it("takes lines of JSON over HTTP once, and says which lines are wrong", async () => {
    const authorization = `Basic ${Buffer.from("fluentd:secret p").toString("base64")}`;
    const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) => {
      const response = await fetch(`${server.url}/api/v1/logs`, { method: "POST", body, headers });
      return { status: response.status, body: await response.json() };
    };
    const lines = `{"message":"peer-http one","level":"warn","a":{"b":1}}\n{"message":"peer-http two","host":"h"}\n`;
    const headers = { authorization, "idempotency-key": "once" };
    assert.deepEqual(await post(lines, headers), { status: 200, body: { stored: 2, isDuplicate: false } });
    const packed = new Uint8Array(gzipSync(lines));
    const again = await post(packed, { ...headers, "content-encoding": "gzip" });
    assert.deepEqual([again.status, Object(again.body).isDuplicate], [200, true]);
    const wrong = await post(`${lines}nonsense\n[]\n`, { authorization });
    assert.equal(wrong.status, 400);
    assert.match(JSON.stringify(wrong.body), /line 3.*line 4/);
    assert.equal((await post(lines, { authorization: `Basic ${btoa("fluentd:wrong")}` })).status, 401);
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(200_000_000, "x")));
    assert.equal((await post(bomb, { authorization, "content-encoding": "gzip" })).status, 413);
    const made = await server.api("POST", "/api/v1/api-tokens", { body: { name: "logs", scopes: ["logs"] } });
    const token = `Bearer ${made.body.token}`;
    assert.equal((await post(`{"message":"peer-http three"}`, { authorization: token })).status, 200);
    const read = await server.api("POST", "/api/v1/api-tokens", { body: { name: "reads", scopes: ["read"] } });
    assert.equal((await post(lines, { authorization: `Bearer ${read.body.token}` })).status, 403);
    assert.equal((await stored("peer-http", 3)).length, 3);
  });

  it("stores once what a sender sends again after the control plane was killed, and sends it on at least once", async () => {
    const sentOn = new Set<string>();
    class Target extends FluentServer {
      protected override onEntry(_tag: string, _time: unknown, record: Record<string, unknown>): void {
        sentOn.add(String(record.message));
      }
    }
    const target = new Target({ listenOptions: { host: "127.0.0.1", port: 0 } });
    await target.listen();
    cleanup.after(() => target.close());
    const forwardTo = { type: "forward", host: "127.0.0.1", port: target.port };
    const body = { name: "fluentd", query: "killed", target: forwardTo };
    const made = await server.api("POST", "/api/v1/log-forwards", { body });
    assert.equal(made.status, 200, JSON.stringify(made.body));
    // What came in before the forward was at work is not sent on.
    await waitFor(
      async () =>
        String((await server.api("GET", "/metrics")).body).includes(
          'mycloud_log_forward_sent_total{forward="fluentd"}',
        ),
      30_000,
      "the forward to be at work",
    );
    const chunks = Array.from({ length: 40 }, (_, chunk) => ({
      key: `killed-${chunk}`,
      lines: Array.from({ length: 5 }, (_, line) => `peer-killed ${chunk} ${line}`),
    }));
    const authorization = `Basic ${Buffer.from("fluentd:secret p").toString("base64")}`;
    const post = async ({ key, lines }: (typeof chunks)[number]) => {
      const headers = { authorization, "idempotency-key": key };
      const text = lines.map((message) => JSON.stringify({ message })).join("\n");
      return (await fetch(`${server.url}/api/v1/logs`, { method: "POST", body: text, headers })).status;
    };
    // Killed as soon as some are stored, while others are on their way and the rest were never sent: whichever it was, sending again makes it whole.
    const taken: (typeof chunks)[number][] = [];
    const unsent = [...chunks];
    let killed: Promise<unknown> | undefined;
    async function send(): Promise<void> {
      for (let chunk = unsent.shift(); chunk !== undefined; chunk = unsent.shift()) {
        if ((await post(chunk).catch(() => 0)) !== 200) return;
        taken.push(chunk);
        if (taken.length >= 8) killed ??= server.kill();
      }
    }
    await Promise.all([send(), send(), send(), send()]);
    assert.ok(killed !== undefined, `only ${taken.length} chunks were taken`);
    await killed;
    assert.ok(unsent.length > 0, "all chunks were sent before the control plane was killed");
    await server.start();
    // What was stored and not acknowledged may be there as well. Half a chunk would stay half a chunk.
    await waitFor(
      async () => {
        const kept = new Set((await stored("peer-killed", taken.length * 5)).map(({ message }) => String(message)));
        for (const chunk of chunks) {
          const there = chunk.lines.filter((line) => kept.has(line)).length;
          const isWhole = there === chunk.lines.length || (there === 0 && !taken.includes(chunk));
          assert.ok(
            isWhole,
            `${there} lines of a chunk of ${chunk.lines.length} that was ${taken.includes(chunk) ? "" : "not "}taken`,
          );
        }
        return true;
      },
      30_000,
      "whole chunks",
    );
    for (const chunk of chunks)
      await waitFor(async () => (await post(chunk)) === 200, 30_000, `${chunk.key} sent again`);
    const all = chunks.flatMap(({ lines }) => lines).sort();
    const records = await stored("peer-killed", all.length);
    assert.deepEqual(records.map(({ message }) => message).sort(), all);
    await waitFor(
      () => sentOn.size >= all.length,
      30_000,
      `${all.length} records sent on, ${taken.length} chunks taken before`,
    );
    assert.deepEqual([...sentOn].sort(), all);
  });

  it("keeps what it takes in ClickHouse when it is told to, and has none of it beside itself", {
    skip: !existsSync("/usr/sbin/clickhouse-server") && !existsSync("/usr/bin/clickhouse-server"),
  }, async () => {
    const clickhouse = await startClickHouse();
    cleanup.after(() => clickhouse.stop());
    const passwordFile = join(directory, "clickhouse-password");
    await writeFile(passwordFile, `${clickhouse.password}\n`, { mode: 0o600 });
    const other = await startServer(cleanup, {
      env: {
        MYCLOUD_FORWARD: "off",
        MYCLOUD_SYSLOG: "off",
        MYCLOUD_LOG_STORE_URL: clickhouse.origin.replace("://", `://${clickhouse.user}@`).concat("/mycloud_logs"),
        MYCLOUD_LOG_STORE_PASSWORD_FILE: passwordFile,
      },
    });
    const made = await other.api("POST", "/api/v1/api-tokens", { body: { name: "logs", scopes: ["logs"] } });
    const headers = { authorization: `Bearer ${made.body.token}`, "idempotency-key": "once" };
    const lines = ["one", "two"].map((message) => JSON.stringify({ message: `peer-column ${message}` })).join("\n");
    const post = async () =>
      await (await fetch(`${other.url}/api/v1/logs`, { method: "POST", body: lines, headers })).json();
    assert.deepEqual(await post(), { stored: 2, isDuplicate: false });
    assert.deepEqual(await post(), { stored: 0, isDuplicate: true });
    const found = await other.api("GET", "/api/v1/logs?query=peer-column");
    assert.equal(found.body.records.length, 2, JSON.stringify(found.body));
    const days = await readdir(join(other.stateDir, "logs")).catch(() => []);
    assert.deepEqual(
      days.filter((name) => name.endsWith(".sqlite")),
      [],
    );
    await other.stop();
  });
});
