import assert from "node:assert/strict";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { alertmanagerProgram, startAlertmanager } from "../peers/alertmanager.ts";
import { requirePeer } from "../peers/peer.ts";
import { freePort, runMycloud, startServer, temporaryDirectory, waitFor } from "../support/index.ts";

/** A control plane with one passive service, and a contact with these channels who is told of everything. */
async function startWorld(t: TestContext, channels: readonly object[], env: Record<string, string> = {}) {
  const server = await startServer(t, { env: { MYCLOUD_OUTGOING_NETWORKS: "127.0.0.0/8", ...env } });
  const resources = [
    { kind: "Host", name: "web1", spec: { labels: { rack: "r7" }, variables: { RACK: "7" } } },
    { kind: "Service", name: "disk", host: "web1", spec: { maxCheckAttempts: 1 } },
    { kind: "Contact", name: "ops", spec: { pager: "+49 30 1", channels } },
    { kind: "NotificationRule", name: "all", spec: { contacts: ["ops"], states: ["WARNING", "CRITICAL", "RECOVERY"] } },
  ];
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  return {
    server,
    async post(returnCode: number, output = "DISK CRITICAL - 97% full | used=97%;80;90") {
      const body = [{ host: "web1", service: "disk", returnCode, output }];
      const answer = await server.api("POST", "/api/v1/check-results", { body });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    },
  };
}

test("a real Alertmanager shows a problem as an alert, its severity as it changes, and no alert after the recovery", async (t) => {
  if (!requirePeer(t, alertmanagerProgram, "prometheus-alertmanager")) return;
  const peer = await startAlertmanager(await freePort());
  t.after(() => peer.stop());
  const { post } = await startWorld(t, [{ type: "alertmanager", url: peer.url }]);
  const severities = async () => (await peer.alerts()).map(({ labels }) => labels.severity);
  await post(2);
  await waitFor(async () => (await severities()).length === 1, 20_000, "the alert");
  const [alert] = await peer.alerts();
  assert.deepEqual(alert?.labels, {
    alertname: "disk",
    host: "web1",
    service: "disk",
    severity: "critical",
    rack: "r7",
  });
  assert.match(alert?.annotations.summary ?? "", /^CRITICAL: web1\/disk/);
  await post(1, "DISK WARNING - 85% full");
  await waitFor(async () => String(await severities()) === "warning", 20_000, "the other severity alone");
  await post(0, "DISK OK");
  await waitFor(async () => (await severities()).length === 0, 20_000, "the end of the alert");
});

test("an Alertmanager that is away gets the alert when it is there", async (t) => {
  if (!requirePeer(t, alertmanagerProgram, "prometheus-alertmanager")) return;
  const port = await freePort();
  const { post, server } = await startWorld(t, [{ type: "alertmanager", url: `http://127.0.0.1:${port}` }]);
  await post(2);
  await waitFor(
    async () => {
      const { body } = await server.api("GET", "/api/v1/notifications");
      return /ECONNREFUSED/.test(body.data[0]?.lastError ?? "");
    },
    20_000,
    "the first attempt",
  );
  const peer = await startAlertmanager(port);
  t.after(() => peer.stop());
  await waitFor(async () => (await peer.alerts()).length === 1, 40_000, "the alert");
});

test("a command gets Nagios' macros as nagios gives them, and a person learns beforehand who is told", async (t) => {
  const directory = await temporaryDirectory("commands");
  const out = join(directory, "out");
  await writeFile(
    join(directory, "page"),
    `#!/bin/sh\n{ env | grep ^NAGIOS_ | sort; echo "args: $*"; cat; } > ${out}\n`,
  );
  await chmod(join(directory, "page"), 0o755);
  const { post, server } = await startWorld(t, [{ type: "command", program: "page", arguments: ["$CONTACTPAGER$"] }], {
    MYCLOUD_NOTIFICATION_COMMAND_DIR: directory,
  });
  const simulated = await runMycloud(
    ["notification", "simulate", "--service", "web1/disk", "--state", "CRITICAL", "--state-dir", server.stateDir],
    {},
  );
  assert.match(simulated.stdout, /ops by command page \$CONTACTPAGER\$ \(rule "all", message 1\)/);
  await post(2);
  const text = await waitFor(
    async () => {
      const { body } = await server.api("GET", "/api/v1/notifications");
      return body.data[0]?.phase === "sent" ? await readFile(out, "utf8") : undefined;
    },
    20_000,
    "the program to have run",
  );
  for (const line of [
    "NAGIOS_NOTIFICATIONTYPE=PROBLEM",
    "NAGIOS_HOSTNAME=web1",
    "NAGIOS_SERVICEDESC=disk",
    "NAGIOS_SERVICESTATE=CRITICAL",
    "NAGIOS_SERVICEOUTPUT=DISK CRITICAL - 97% full",
    "NAGIOS__HOSTRACK=7",
    "args: +49 30 1",
    "CRITICAL: web1/disk",
  ]) {
    assert.ok(text.split("\n").includes(line), `${line} is in\n${text}`);
  }
});
