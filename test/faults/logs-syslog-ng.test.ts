// `npm run test:faults`: syslog-ng, both ways. It is not in `npm test` since its package cannot be installed beside rsyslog's: it is fetched here.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fetchSyslogNg } from "../peers/syslog-ng.ts";
import { freePort, makeCertificates, startServer, temporaryDirectory, waitFor } from "../support/index.ts";

test("what syslog-ng sends is stored, and what is sent on to it arrives, by UDP, TCP and TLS", async (t) => {
  const syslogNg = await fetchSyslogNg(await temporaryDirectory("syslog-ng"));
  if (typeof syslogNg === "string") return t.skip(syslogNg);
  const directory = await temporaryDirectory("logs");
  const certificate = makeCertificates(directory, ["localhost"]);
  const ports = { syslog: 0, tls: 0, theirTcp: 0, theirTls: 0, theirUdp: 0 };
  for (const name of ["syslog", "tls", "theirTcp", "theirTls", "theirUdp"] as const) ports[name] = await freePort();
  const server = await startServer(t, {
    env: {
      MYCLOUD_SYSLOG: `127.0.0.1:${ports.syslog}`,
      MYCLOUD_SYSLOG_TLS: `127.0.0.1:${ports.tls}`,
      MYCLOUD_LOG_TLS_CERT: certificate("localhost.pem"),
      MYCLOUD_LOG_TLS_KEY: certificate("localhost.key"),
      MYCLOUD_FORWARD: "off",
      MYCLOUD_OUTGOING_NETWORKS: "127.0.0.0/8,::1/128",
      TZ: "UTC",
    },
  });
  const post = async (path: string, body: object) => {
    const answer = await server.api("POST", `/api/v1/${path}`, { body });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  };
  await post("log-senders", { name: "here", protocols: ["syslog"], networks: ["127.0.0.0/8"] });
  // Where records are sent on to proves that it has this address.
  const name = "-subj /CN=syslog-ng -addext subjectAltName=IP:127.0.0.1";
  const key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout theirs.key";
  execFileSync("openssl", `req -x509 ${key} -out theirs.pem -days 10 ${name}`.split(" "), {
    cwd: directory,
    stdio: "pipe",
  });
  const ca = await readFile(certificate("theirs.pem"), "utf8");
  for (const [transport, port] of [
    ["tcp", ports.theirTcp],
    ["tls", ports.theirTls],
    ["udp", ports.theirUdp],
  ] as const) {
    const target = { type: "syslog", transport, host: "127.0.0.1", port, ca: transport === "tls" ? ca : null };
    await post("log-forwards", { name: transport, query: "service:sent_on", target });
  }

  const input = join(directory, "input.log");
  const received = join(directory, "received.log");
  await writeFile(input, "");
  const identity = `key-file("${certificate("theirs.key")}") cert-file("${certificate("theirs.pem")}") peer-verify(optional-untrusted)`;
  const authority = `ca-file("${certificate("ca.pem")}") peer-verify(no)`;
  const running = await syslogNg.start(
    t,
    `options { keep-hostname(yes); time-reopen(1); };
source s_file { file("${input}" flags(no-parse) program-override("fromfile") default-facility(local5) default-priority(warning) follow-freq(0.1)); };
destination d_5424_tcp { syslog("127.0.0.1" persist-name("d_5424_tcp") port(${ports.syslog}) transport("tcp")); };
destination d_5424_tls { syslog("127.0.0.1" persist-name("d_5424_tls") port(${ports.tls}) transport("tls") tls(${authority})); };
destination d_3164_udp { network("127.0.0.1" persist-name("d_3164_udp") port(${ports.syslog}) transport("udp")); };
destination d_3164_tcp { network("127.0.0.1" persist-name("d_3164_tcp") port(${ports.syslog}) transport("tcp")); };
log { source(s_file); destination(d_5424_tcp); destination(d_5424_tls); destination(d_3164_udp); destination(d_3164_tcp); };
source s_tcp { syslog(ip("127.0.0.1") port(${ports.theirTcp}) transport("tcp") tags("tcp")); };
source s_tls { syslog(ip("127.0.0.1") port(${ports.theirTls}) transport("tls") tls(${identity}) tags("tls")); };
source s_udp { syslog(ip("127.0.0.1") port(${ports.theirUdp}) transport("udp") tags("udp")); };
destination d_file { file("${received}" template("$TAGS $HOST $PROGRAM $FACILITY $LEVEL \${SDATA} $MSG\\n")); };
log { source(s_tcp); source(s_tls); source(s_udp); destination(d_file); };
`,
  );
  const told = (error: unknown): never => {
    throw new Error(`${String(error)}\n${running.said()}`);
  };

  await t.test("from it, each line once by each way", async () => {
    const lines = Array.from({ length: 50 }, (_, index) => `peer-ng line ${index} with "quotes" ] and ü`);
    await appendFile(input, `${lines.join("\n")}\n`);
    const records = await waitFor(
      async () => {
        const { body } = await server.api("GET", "/api/v1/logs?query=peer-ng&limit=1000");
        return body.records.length >= 4 * lines.length && body.records;
      },
      30_000,
      "200 records of it",
    ).catch(told);
    const counts = Map.groupBy(records, ({ message }: { message: string }) => message);
    assert.deepEqual([...counts.keys()].sort(), [...lines].sort());
    for (const [message, same] of counts) assert.equal(same.length, 4, message);
    for (const { service, severity, facility } of records) {
      assert.deepEqual([service, severity, facility], ["fromfile", "warning", "local5"]);
    }
  });

  await t.test("to it, each record by each way, with its fields", async () => {
    const { body } = await server.api("POST", "/api/v1/api-tokens", { body: { name: "logs", scopes: ["logs"] } });
    const records = Array.from({ length: 50 }, (_, index) => ({
      host: "web1",
      service: "sent_on",
      severity: "err",
      facility: "local3",
      message: `sent on ${index} with "quotes" ] and ü`,
      path: 'a "quoted" ] \\ value',
    }));
    const text = records.map((record) => JSON.stringify(record)).join("\n");
    const answer = await fetch(`${server.url}/api/v1/logs`, {
      method: "POST",
      headers: { authorization: `Bearer ${body.token}` },
      body: text,
    });
    assert.equal(answer.status, 200, await answer.text());
    const read = async () => (await readFile(received, "utf8").catch(() => "")).split("\n").slice(0, -1);
    const got = await waitFor(async () => (await read()).length >= 150 && (await read()), 30_000, "150 lines").catch(
      told,
    );
    for (const transport of ["tcp", "tls", "udp"]) {
      const of = got.filter((line) => line.split(" ")[0]?.split(",").includes(transport));
      assert.deepEqual(
        of.map((line) => line.slice(line.indexOf(" ") + 1)).sort(),
        records
          .map(
            ({ message }) => `web1 sent_on local3 err [fields@32473 path="a \\"quoted\\" \\] \\\\ value"] ${message}`,
          )
          .sort(),
        transport,
      );
    }
    assert.equal(got.length, 150);
  });
});
