import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NAGIOS_PROGRAM, type Nagios, startNagios } from "../peers/nagios.ts";
import { NSCA_PROGRAM, startNsca } from "../peers/nsca.ts";
import { requirePeer } from "../peers/peer.ts";
import { freePort, startServer, type TestServer, waitFor } from "../support/index.ts";

const send = async (server: TestServer, ...results: [string, string | undefined, number, string][]) => {
  const body = results.map(([host, service, returnCode, output]) => ({ host, service, returnCode, output }));
  const answer = await server.api("POST", "/api/v1/check-results", { body });
  assert.equal(answer.body.accepted, results.length, JSON.stringify(answer.body));
};

const forward = async (server: TestServer, name: string, hosts: string[], target: object) => {
  const body = { name, selector: { hosts }, target };
  const answer = await server.api("POST", "/api/v1/forwards", { body });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
};

const waiting = async (server: TestServer): Promise<number> => {
  const { body } = await server.api("GET", "/api/v1/forward-queues");
  return body.data.reduce((sum: number, one: { waiting: number }) => sum + one.waiting, 0);
};

/** What nagios has of its services now, and the alerts by the way. */
async function seenBy(nagios: Nagios) {
  const { alerts, status } = await nagios.settle();
  return {
    alerts: alerts.map(({ host, service, state }) => [host, service, state]),
    status: Object.fromEntries(
      status.map(({ host, service, fields }) => [
        `${host}/${service ?? ""}`,
        [fields.current_state, fields.plugin_output, fields.long_plugin_output, fields.performance_data],
      ]),
    ),
  };
}

/** Which host's results go which way: the methods that Debian's nsca is asked about, nagios4's command file, the nsca channel of a contact. */
const password = "correct horse";
const ways = [
  { host: "web0", method: 0 },
  { host: "web1", method: 1 },
  { host: "web14", method: 14 },
] as const;
const hosts = [...ways.map(({ host }) => host), "piped", "told"];

const objects = hosts.flatMap((host) => [
  { kind: "host" as const, name: host, maxCheckAttempts: 1 },
  { kind: "service" as const, host, name: "disk", maxCheckAttempts: 1 },
]);

describe("results are passed on to a monitoring system that already runs", () => {
  test("by NSCA to nsca and nagios4, by a contact's nsca channel, and by nagios4's command file", async (t) => {
    if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core") || !requirePeer(t, NSCA_PROGRAM, "nsca")) return;
    const nagios = await startNagios(objects);
    t.after(nagios.stop);
    const server = await startServer(t, { env: { MYCLOUD_OUTGOING_NETWORKS: "127.0.0.1" } });
    const ports = await Promise.all(ways.map(() => freePort()));
    const targets = ways.map(({ method }, index) => ({
      type: "nsca",
      host: "127.0.0.1",
      port: ports[index] ?? 0,
      method,
      password,
    }));
    for (const [index, { host, method }] of ways.entries()) {
      await forward(server, `by-method-${method}`, [host], targets[index] ?? {});
    }
    await forward(server, "by-pipe", ["piped"], { type: "command-pipe", path: nagios.commandFile });
    const contact = await server.api("POST", "/api/v1/contacts", { body: { name: "old", channels: [targets[1]] } });
    assert.equal(contact.status, 200, JSON.stringify(contact.body));
    const rule = { name: "to-old", selector: { hosts: ["told"] }, contactIds: [contact.body.id] };
    const ruled = await server.api("POST", "/api/v1/notification-rules", { body: rule });
    assert.equal(ruled.status, 200, JSON.stringify(ruled.body));
    for (const host of hosts) {
      await send(
        server,
        [host, undefined, 0, "alive"],
        [host, "disk", 2, "full ü | used=99%;80;90\nline two\nline three"],
      );
    }
    // The nsca daemons are not there yet: what is for them waits, also while the control plane is killed.
    await waitFor(async () => (await waiting(server)) === 2 * ways.length, 10_000, "the pipe's queue to be empty");
    await server.kill();
    for (const [index, { method }] of ways.entries()) {
      const daemon = await startNsca(ports[index] ?? 0, { method, password, commandFile: nagios.commandFile });
      t.after(daemon.stop);
    }
    await server.start();
    for (const host of hosts) await send(server, [host, undefined, 1, "gone"]);
    await waitFor(async () => (await waiting(server)) === 0, 30_000, "the queues to be empty");
    const { alerts, status } = await waitFor(
      async () => {
        const seen = await seenBy(nagios);
        return seen.alerts.length === 2 * hosts.length ? seen : undefined;
      },
      20_000,
      "nagios to have seen two changes of every host",
    );
    for (const host of hosts) {
      const own = alerts.filter(([name]) => name === host);
      // Forwards keep the order of results; messages of different problems are retried each in its own time.
      if (host === "told") own.sort(([, a], [, b]) => Number(a === null) - Number(b === null));
      assert.deepEqual(own, [
        [host, "disk", "CRITICAL"],
        [host, null, "DOWN"],
      ]);
      assert.deepEqual(status[`${host}/disk`], ["2", "full ü", "line two\\nline three", "used=99%;80;90"], host);
      assert.deepEqual(status[`${host}/`]?.slice(0, 2), ["1", "gone"], host);
    }
    const { body } = await server.api("GET", "/api/v1/forward-queues");
    for (const { sent, refused, dropped } of body.data) assert.deepEqual([sent, refused, dropped], [3, 0, 0]);
  });

  test("by ws-arbiter, with what the receiver does not know counted", async (t) => {
    const [http, port, other] = await Promise.all([freePort(), freePort(), freePort()]);
    const receiver = await startServer(t, { port: http, env: { MYCLOUD_WS_ARBITER: `127.0.0.1:${port}` } });
    await send(receiver, ["web1", "disk", 0, "before"]);
    const server = await startServer(t, { port: other, env: { MYCLOUD_OUTGOING_NETWORKS: "127.0.0.1" } });
    await forward(server, "old", ["*"], { type: "ws-arbiter", url: `http://127.0.0.1:${port}` });
    await send(server, ["web1", "disk", 1, "passed on | a=1"], ["web9", "disk", 1, "unknown there"]);
    const figures = await waitFor(
      async () => {
        const { body } = await server.api("GET", "/api/v1/forward-queues");
        return body.data[0]?.waiting === 0 ? body.data[0] : undefined;
      },
      15_000,
      "the queue to be empty",
    );
    assert.deepEqual([figures.sent, figures.refused, figures.dropped], [1, 1, 0]);
    assert.match(figures.lastError, /there is no host "web9"/);
    const filter = encodeURIComponent(JSON.stringify({ hostName: "web1" }));
    const { body } = await receiver.api("GET", `/api/v1/check-results?filter=${filter}&sort=id`);
    assert.deepEqual(
      body.data.map((result: { output: string; perfdata: string }) => [result.output, result.perfdata]),
      [
        ["before", ""],
        ["passed on", "a=1"],
      ],
    );
  });
});
