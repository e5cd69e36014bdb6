// Shadow mode beside the real programs: the same results here and there are no difference, any other result is one.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { ICINGA_PROGRAM, startIcingaLivestatus } from "../peers/icinga-livestatus.ts";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { verifyWithNagios } from "../peers/nagios-objects-cache.ts";
import { requirePeer } from "../peers/peer.ts";
import { runMycloud, startServer, type TestServer, temporaryDirectory, waitFor } from "../support/index.ts";

const hosts = ["web1", "db1"];
const services = ["disk", "http"];

async function define(server: TestServer, more: readonly object[] = []): Promise<void> {
  const resources = [
    ...hosts.map((name) => ({ kind: "Host", name, spec: { maxCheckAttempts: 1 } })),
    ...hosts.flatMap((host) =>
      services.map((name) => ({ kind: "Service", host, name, spec: { maxCheckAttempts: 2 } })),
    ),
    ...more,
  ];
  const applied = await server.api("POST", "/api/v1/apply", { body: { resources } });
  assert.equal(applied.status, 200, JSON.stringify(applied.body));
}

async function command(server: TestServer, commands: readonly string[]): Promise<void> {
  const answer = await server.api("POST", "/api/v1/external-commands", { body: { commands } });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  for (const { isDone, message } of answer.body.outcomes) assert.ok(isDone, message);
}

async function shadow(server: TestServer, ...source: string[]) {
  const run = await runMycloud(["shadow", ...source, "--json", "--state-dir", server.stateDir]);
  return { ...run, differences: run.stdout === "" ? [] : JSON.parse(run.stdout).differences };
}
const said = ({ host, service, field, theirs, ours }: Record<string, string>) =>
  `${host}/${service ?? ""} ${field}: ${theirs} ${ours}`;

const results = [
  "PROCESS_HOST_CHECK_RESULT;web1;0;up",
  "PROCESS_HOST_CHECK_RESULT;db1;0;up",
  "PROCESS_SERVICE_CHECK_RESULT;web1;disk;2;full",
  "PROCESS_SERVICE_CHECK_RESULT;web1;disk;2;full",
  // To icinga2 a service is UNKNOWN and HARD before its first result, and so is HARD with it.
  "PROCESS_SERVICE_CHECK_RESULT;web1;http;0;fine",
  "PROCESS_SERVICE_CHECK_RESULT;web1;http;1;slow",
  "PROCESS_SERVICE_CHECK_RESULT;db1;disk;0;fine",
  "ACKNOWLEDGE_SVC_PROBLEM;web1;disk;2;0;1;anna;on it",
];

test("beside nagios4, equal histories are no difference and exit code 0; every other thing is named, with exit code 1", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const nagios = await startNagios([
    ...hosts.map((name) => ({ kind: "host" as const, name, maxCheckAttempts: 1 })),
    ...hosts.flatMap((host) => services.map((name) => ({ kind: "service" as const, host, name, maxCheckAttempts: 2 }))),
  ]);
  t.after(() => nagios.stop());
  const server = await startServer(t);
  await define(server);
  await nagios.submit(results);
  await nagios.settle();
  await command(server, results);
  // Its own marker objects, which the peer adds, are all that is missing here.
  const isMarker = ({ host }: { host: string }) => host === "settle-marker";
  const equal = await waitFor(
    async () => {
      const run = await shadow(server, "--status-file", nagios.statusFile);
      return run.differences.filter((one: { host: string }) => !isMarker(one)).length === 0 ? run : undefined;
    },
    10_000,
    "equal states",
  );
  assert.equal(equal.code, 1);
  assert.ok(equal.differences.every((one: { field: string }) => one.field === "missing"));

  await define(server, [
    { kind: "Host", name: "settle-marker", spec: {} },
    { kind: "Service", host: "settle-marker", name: "settle-marker", spec: {} },
  ]);
  const marked = await nagios.settle();
  assert.ok(marked);
  await nagios.submit([
    "PROCESS_SERVICE_CHECK_RESULT;db1;http;2;gone",
    "SCHEDULE_HOST_DOWNTIME;db1;0;4102444800;1;0;0;anna;work",
  ]);
  await nagios.settle();
  await command(server, [
    "PROCESS_SERVICE_CHECK_RESULT;web1;http;1;slow",
    "PROCESS_SERVICE_CHECK_RESULT;db1;http;3;odd",
  ]);
  const { differences, code } = await shadow(server, "--status-file", nagios.statusFile);
  assert.equal(code, 1);
  assert.deepEqual(
    differences
      .filter((one: { host: string }) => !isMarker(one))
      .map(said)
      .sort(),
    ["db1/ downtime: yes no", "db1/http state: CRITICAL UNKNOWN", "web1/http stateType: SOFT HARD"],
  );
});

test("beside icinga2's Livestatus likewise, with exit code 0 when nothing differs", async (t) => {
  if (!requirePeer(t, ICINGA_PROGRAM, "icinga2-bin")) return;
  const common = `check_command = "dummy"\nenable_active_checks = false\n`;
  const icinga = await startIcingaLivestatus(
    t,
    hosts
      .map(
        (host) =>
          `object Host "${host}" {\n${common} max_check_attempts = 1\n}\n${services.map((name) => `object Service "${name}" {\nhost_name = "${host}"\n${common} max_check_attempts = 2\n}`).join("\n")}`,
      )
      .join("\n"),
  );
  const server = await startServer(t);
  await define(server);
  const source = ["--livestatus", `127.0.0.1:${icinga.port}`];
  await icinga.submit(results);
  await command(server, results);
  let last: string[] = [];
  const isEqual = async () => {
    const run = await shadow(server, ...source);
    last = run.differences.map(said);
    return run.code === 0;
  };
  await waitFor(isEqual, 20_000, "no difference").catch((error: unknown) =>
    assert.fail(`${error}: ${last.join("; ")}`),
  );
  await icinga.submit(["PROCESS_SERVICE_CHECK_RESULT;web1;http;1;slow"]);
  const differs = await waitFor(
    async () => {
      const run = await shadow(server, ...source);
      return run.code === 1 ? run : undefined;
    },
    20_000,
    "a difference",
  );
  assert.deepEqual(differs.differences.map(said), ["web1/http stateType: HARD SOFT"]);
});

/** What a shop has: templates of templates, lists that add, exclusions, regular expressions, escalations, dependencies, periods that exclude. */
const shop = `define timeperiod{
  timeperiod_name holidays
  alias holidays
  december 25 00:00-24:00
  january 1 00:00-24:00
}
define timeperiod{
  timeperiod_name office
  alias office
  monday 08:00-18:00
  tuesday 08:00-18:00
  thursday -1 november 09:00-12:00
  exclude holidays
}
define command{
  command_name check_all
  command_line $USER1$/check_http -H $HOSTADDRESS$ -p $_HOSTPORT$ -u '$ARG1$' -w $ARG2$ -c $ARG3$
}
define command{
  command_name page
  command_line /usr/local/bin/page $CONTACTPAGER$ "$SERVICEDESC$ is $SERVICESTATE$"
}
define command{
  command_name restart
  command_line /usr/local/bin/restart $SERVICEDESC$ $SERVICEATTEMPT$
}
define contact{
  name person
  register 0
  host_notification_period always
  service_notification_period office
  host_notification_commands page
  service_notification_commands page
  host_notification_options d,u,r
  service_notification_options w,c,r
}
define contact{
  use person
  contact_name anna
  pager 4711
}
define contact{
  use person
  contact_name boss
  contactgroups managers
}
define contactgroup{
  contactgroup_name managers
  alias managers
}
define host{
  name any
  register 0
  check_command check_all!/!1!2
  max_check_attempts 2
  check_interval 100000
  retry_interval 100000
  contacts anna
  notification_period always
  notification_interval 0
  check_period always
  hostgroups all
  flap_detection_enabled 0
  active_checks_enabled 0
  _PORT 80
}
define host{
  name web
  use any
  register 0
  hostgroups +web
  notes a web server
}
define host{
  use any
  host_name gw
  address 192.0.2.254
}
define host{
  use web
  host_name web1
  address 192.0.2.11
  parents gw
}
define host{
  use web
  host_name web2
  address 192.0.2.12
  parents gw
  _PORT 8080
  max_check_attempts 3
}
define host{
  use any
  host_name db1
  address 192.0.2.21
  parents gw
  notes null
}
define hostgroup{
  hostgroup_name all
  alias everything
}
define hostgroup{
  hostgroup_name web
  alias web
}
define service{
  name watched
  register 0
  max_check_attempts 3
  check_interval 100000
  retry_interval 100000
  check_period always
  notification_period always
  notification_interval 30
  active_checks_enabled 0
  flap_detection_enabled 0
}
define service{
  use watched
  service_description http
  hostgroup_name web
  check_command check_all!/shop!1!2
  servicegroups pages
  event_handler restart
}
define service{
  use watched
  service_description disk
  host_name (web|db).+
  check_command check_all!/disk!80%!90%
  contact_groups +managers
}
define service{
  use watched
  service_description mysql
  host_name db1
  check_command check_all!/db!1!2
  servicegroups pages
  flap_detection_enabled 1
  max_check_attempts 1
}
define servicegroup{
  servicegroup_name pages
  alias what people see
}
define servicedependency{
  host_name db1
  service_description mysql
  dependent_host_name web[0-9]+
  dependent_service_description http
  execution_failure_criteria n
  notification_failure_criteria c,u
}
define hostdependency{
  host_name gw
  dependent_hostgroup_name web
  notification_failure_options d,u
}
define serviceescalation{
  hostgroup_name web
  service_description http
  first_notification 3
  last_notification 6
  notification_interval 60
  contact_groups managers
  escalation_period office
}
`;

const service = (name: string, code: number, output = "said") =>
  `PROCESS_SERVICE_CHECK_RESULT;${name};${code};${output}`;
const host = (name: string, code: number) => `PROCESS_HOST_CHECK_RESULT;${name};${code};said`;
const nowSeconds = Math.floor(Date.now() / 1000);
const forADay = `${nowSeconds};${nowSeconds + 86_400}`;
/** A day, in short: what comes up, breaks, is acknowledged, is down for work, flaps and recovers. */
const day = [
  [
    ...["gw", "web1", "web2", "db1"].map((name) => host(name, 0)),
    ...["web1;http", "web2;http", "web1;disk", "web2;disk", "db1;disk", "db1;mysql"].map((name) => service(name, 0)),
  ],
  // SOFT, SOFT, HARD; another one recovers before it is HARD.
  [
    service("web1;http", 2),
    service("web1;http", 2),
    service("web1;http", 2),
    service("web2;http", 1),
    service("web2;http", 0),
  ],
  ["ACKNOWLEDGE_SVC_PROBLEM;web1;http;1;0;1;anna;on it", service("web1;disk", 1), service("web1;disk", 2)],
  // A normal acknowledgement goes when the state changes; a sticky one stays until it is OK.
  [service("web1;http", 1), "ACKNOWLEDGE_SVC_PROBLEM;web1;http;2;0;1;anna;still", service("web1;http", 2)],
  [`SCHEDULE_SERVICEGROUP_SVC_DOWNTIME;pages;${forADay};1;0;0;anna;move`],
  [`SCHEDULE_HOST_DOWNTIME;db1;${forADay};1;0;0;anna;disk`, host("db1", 1), service("db1;disk", 2)],
  [host("gw", 1), host("web1", 1), "ACKNOWLEDGE_HOST_PROBLEM;gw;2;0;1;anna;provider", service("web2;disk", 3)],
  // Flapping: nagios looks at the last 21 results.
  Array.from({ length: 24 }, (_, index) => service("db1;mysql", index % 2 === 0 ? 2 : 0)),
  ["REMOVE_SVC_ACKNOWLEDGEMENT;web1;http"],
  [host("gw", 0), host("web1", 0), service("web1;http", 0), service("web2;disk", 0)],
  ["DEL_DOWNTIME_BY_HOST_NAME;db1;;;disk", host("db1", 0), service("web1;disk", 0)],
];

test("a shop moves: its configuration runs in nagios4, is imported here, and a day of results leaves no difference but those made", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const nagios = await startNagios([], { use_regexp_matching: 1 }, shop);
  t.after(() => nagios.stop());
  const server = await startServer(t);
  // The rule of a new installation, by which the administrator is told of everything.
  for (const { id } of (await server.api("GET", "/api/v1/notification-rules")).body.data) {
    assert.equal((await server.api("DELETE", `/api/v1/notification-rules/${id}`)).status, 200);
  }
  const importIt = async (path = `${nagios.directory}/nagios.cfg`, ...more: string[]) => {
    const run = await runMycloud(["import", "nagios", path, "--json", "--state-dir", server.stateDir, ...more]);
    assert.equal(run.code, 0, run.stderr);
    return JSON.parse(run.stdout);
  };
  const imported = await importIt();
  assert.deepEqual(imported.policies, [
    { command: "restart", program: "/usr/local/bin/restart", hosts: ["web1", "web2"] },
  ]);
  const { body } = await server.api("GET", "/api/v1/export");
  const find = (kind: string, name: string) =>
    body.resources.find((one: { kind: string; name: string }) => one.kind === kind && one.name === name);
  assert.deepEqual(find("Template", "web").spec, {
    for: "Host",
    uses: ["any"],
    spec: { groups: ["+", "web"], notes: "a web server" },
  });
  const { uses, spec } = find("Host", "web2");
  assert.deepEqual(
    [uses, spec.maxCheckAttempts, spec.variables, spec.groups],
    [["web"], 3, { PORT: "8080" }, undefined],
  );
  assert.equal(find("ServiceGroup", "pages").spec.selector.anyOf.length, 2);
  assert.deepEqual(
    (await importIt()).changes.filter(({ action }: { action: string }) => action !== "unchanged"),
    [],
  );

  for (const commands of day) {
    await nagios.submit(commands);
    await command(server, commands);
  }
  await nagios.settle();
  const isMarker = (one: { host: string }) => one.host === "settle-marker";
  let last: string[] = [];
  const isEqual = async () => {
    const { differences } = await shadow(server, "--status-file", nagios.statusFile);
    last = differences.filter((one: { host: string }) => !isMarker(one)).map(said);
    return last.length === 0;
  };
  await waitFor(isEqual, 15_000, "no difference").catch((error: unknown) =>
    assert.fail(`${error}: ${last.join("; ")}`),
  );

  await nagios.submit([host("gw", 1), service("web2;http", 2)]);
  await nagios.settle();
  await command(server, [service("web2;disk", 1), `SCHEDULE_HOST_DOWNTIME;db1;${forADay};1;0;0;anna;disk`]);
  const { differences, code } = await shadow(server, "--status-file", nagios.statusFile);
  assert.equal(code, 1);
  assert.deepEqual(
    differences
      .filter((one: { host: string }) => !isMarker(one))
      .map(said)
      .sort(),
    ["db1/ downtime: no yes", "gw/ state: DOWN UP", "web2/disk state: OK WARNING", "web2/http state: CRITICAL OK"],
  );

  // And back again: what nagios4 reads of the export is what we read of it.
  const directory = await temporaryDirectory("exported");
  const written = join(directory, "etc");
  const exportIt = async () => {
    const run = await runMycloud(["export", "nagios", written, "--json", "--state-dir", server.stateDir]);
    assert.equal(run.code, 0, run.stderr);
    const lines = (await readFile(join(written, "nagios.cfg"), "utf8")).split("\n");
    const kept = lines.filter((line) => /^(cfg_file|interval_length)=/.test(line));
    const verdict = await verifyWithNagios(directory, kept);
    assert.ok(verdict.isAccepted, verdict.output);
    return verdict.objects;
  };
  const objects = await exportIt();
  const web2 = objects.find(({ type, values }) => type === "host" && values.host_name === "web2")?.values;
  assert.deepEqual([web2?.max_check_attempts, web2?._PORT, web2?.notes], ["3", "8080", "a web server"]);
  const zone = new Intl.DateTimeFormat("en").resolvedOptions().timeZone;
  const round = await importIt(written, "--time-zone", zone);
  assert.deepEqual(
    round.changes.filter(({ action }: { action: string }) => action !== "unchanged"),
    [],
  );
  const rule = { command: "bp_rule", arguments: ["web1,http | web2,http"], selector: { hosts: ["gw"] } };
  const added = { resources: [{ kind: "Check", name: "shop", spec: rule }] };
  assert.equal((await server.api("POST", "/api/v1/apply", { body: added })).status, 200);
  assert.ok((await exportIt()).some(({ values }) => values.service_description === "shop"));
});

test("an old system that is not there is an error of its own", async (t) => {
  const server = await startServer(t);
  const closed = await shadow(server, "--livestatus", "127.0.0.1:1");
  assert.equal(closed.code, 69);
  const neither = await shadow(server);
  assert.equal(neither.code, 64);
});
