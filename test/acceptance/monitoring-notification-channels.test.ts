import assert from "node:assert/strict";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { alertmanagerProgram, startAlertmanager } from "../peers/alertmanager.ts";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { define } from "../peers/nagios-config.ts";
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

/** The `NAGIOS_*` lines that a notification command has left in a file. */
async function readMacros(file: string): Promise<Map<string, string>> {
  const text = await waitFor(() => readFile(file, "utf8").catch(() => undefined), 20_000, `${file} to be written`);
  return new Map(Array.from(text.matchAll(/^(NAGIOS_\w+)=(.*)$/gm), ([, name = "", value = ""]) => [name, value]));
}

test("every macro that nagios4 exports is exported here, and says the same of the same hosts, groups and people", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const objectDirectives = {
    max_check_attempts: 1,
    ...{ check_period: "always", notification_period: "always", contact_groups: "admins" },
    ...{ notification_interval: 100, passive_checks_enabled: 1, active_checks_enabled: 0, check_command: "never-run" },
  };
  const more = [
    define("command", {
      command_name: "dump",
      command_line: "/usr/bin/env > DIRECTORY/part && mv DIRECTORY/part DIRECTORY/env",
    }),
    define("contactgroup", { contactgroup_name: "admins", alias: "The admins", members: "anna" }),
    define("hostgroup", { hostgroup_name: "web", alias: "Web servers", members: "web1", notes: "in the cellar" }),
    define("servicegroup", { servicegroup_name: "disks", alias: "Disks", members: "web1,disk", notes_url: "/disks" }),
    define("contact", {
      ...{ contact_name: "anna", email: "anna@example.org", pager: "49", address1: "@anna", _room: "5" },
      ...{ host_notification_period: "always", service_notification_period: "always" },
      ...{ host_notification_options: "d,u,r", service_notification_options: "w,u,c,r" },
      ...{ host_notification_commands: "dump", service_notification_commands: "dump" },
    }),
    define("host", { host_name: "web1", address: "192.0.2.1", _rack: "7", ...objectDirectives }),
    define("service", { host_name: "web1", service_description: "disk", _dev: "sda", ...objectDirectives }),
  ].join("");
  const nagios = await startNagios([], { enable_notifications: 1, enable_environment_macros: 1 }, more);
  t.after(() => nagios.stop());
  const directory = await temporaryDirectory("macros");
  await writeFile(
    join(directory, "dump"),
    `#!/bin/sh\n/usr/bin/env > ${directory}/part; mv ${directory}/part ${directory}/env\n`,
  );
  await chmod(join(directory, "dump"), 0o755);
  const server = await startServer(t, { env: { MYCLOUD_NOTIFICATION_COMMAND_DIR: directory } });
  const once = { maxCheckAttempts: 1 };
  const people = { email: "anna@example.org", pager: "49", variables: { ADDRESS1: "@anna", ROOM: "5" } };
  const resources = [
    { kind: "Host", name: "web1", spec: { ...once, address: "192.0.2.1", groups: ["web"], variables: { RACK: "7" } } },
    { kind: "Service", name: "disk", host: "web1", spec: { ...once, variables: { DEV: "sda" } } },
    { kind: "HostGroup", name: "web", spec: { alias: "Web servers", notes: "in the cellar" } },
    {
      kind: "ServiceGroup",
      name: "disks",
      spec: { alias: "Disks", notesUrl: "/disks", selector: { hosts: ["web1"], services: ["disk"] } },
    },
    {
      kind: "Contact",
      name: "anna",
      spec: { ...people, channels: [{ type: "command", program: "dump", arguments: ["page"] }] },
    },
    { kind: "ContactGroup", name: "admins", spec: { alias: "The admins", contacts: ["anna"] } },
    { kind: "NotificationRule", name: "all", spec: { contactGroups: ["admins"] } },
  ];
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources, prune: ["NotificationRule"] } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
  await nagios.submit([
    "PROCESS_HOST_CHECK_RESULT;web1;0;up|t=1",
    "PROCESS_SERVICE_CHECK_RESULT;web1;disk;2;DISK CRITICAL|u=9\\nlong",
  ]);
  const body = [
    { host: "web1", service: null, returnCode: 0, output: "up|t=1" },
    { host: "web1", service: "disk", returnCode: 2, output: "DISK CRITICAL|u=9\nlong" },
  ];
  assert.equal((await server.api("POST", "/api/v1/check-results", { body })).status, 200);
  const theirs = await readMacros(join(nagios.directory, "env"));
  const ours = await readMacros(join(directory, "env"));
  assert.ok(theirs.size > 200, `nagios4 exported only ${theirs.size}`);
  assert.deepEqual(
    [...theirs.keys()].filter((name) => !ours.has(name)),
    [],
  );
  // What is counted differently: times, ids, files, what nobody acknowledged but is not checked actively, and how the contact was reached.
  const differs =
    /TIME|DATE|LATENCY|DURATION|FILE|PATH|INFOURL|PERIOD|LAST(HOST|SERVICE)|ID$|IMPORTANCE|UNHANDLED|CHECKCOMMAND|ADMINEMAIL|ARG1$|PERCENTCHANGE|CONTACTADDRESS1/;
  const compared = [...theirs].filter(([name]) => !differs.test(name));
  assert.deepEqual(
    compared.map(([name]) => `${name}=${ours.get(name)}`),
    compared.map((pair) => pair.join("=")),
  );
  assert.equal(ours.get("NAGIOS_ARG1"), "page");
  assert.ok(Number(ours.get("NAGIOS_LASTSERVICECRITICAL")) > 0);
  assert.ok(Number(ours.get("NAGIOS_SERVICEEVENTID")) > 0);
});
