// What Thruk sees here and would see of a nagios4 with the same objects, results and remarks: every value of every query its library sends.
import assert from "node:assert/strict";
import { appendFile, readFile } from "node:fs/promises";
import { test } from "node:test";
import { askLivestatus } from "../peers/livestatus-client.ts";
import { NAGIOS_PROGRAM, startNagios } from "../peers/nagios.ts";
import { WEEKDAYS } from "../peers/nagios-config.ts";
import { requirePeer } from "../peers/peer.ts";
import { nagiosTables, readThrukQueries, referenceAnswer, type ThrukQuery } from "../peers/thruk/index.ts";
import { freePort, runMycloud, startServer } from "../support/index.ts";

const configuration = `define timeperiod{
  timeperiod_name never
  alias no time at all
}
define command{
  command_name check_page
  command_line /usr/local/bin/check_page -H $HOSTADDRESS$ -u '$ARG1$' -w $ARG2$
}
define command{
  command_name page
  command_line /bin/true $CONTACTPAGER$
}
define command{
  command_name restart
  command_line /bin/true $SERVICEDESC$
}
define contact{
  name person
  register 0
  host_notification_period always
  service_notification_period never
  host_notification_commands page
  service_notification_commands page
}
define contact{
  use person
  contact_name anna
  alias Anna Example
  email anna@example.org
  pager 4711
  address1 sip:anna@example.org
  _ROOM 12
}
define contact{
  use person
  contact_name boss
  alias The Boss
  host_notifications_enabled 0
  contactgroups managers
}
define contactgroup{
  contactgroup_name managers
  alias All managers
}
define host{
  name any
  register 0
  check_command check_page!/!1
  max_check_attempts 3
  check_interval 5
  retry_interval 2
  contacts anna
  notification_period always
  notification_interval 60
  check_period always
  hostgroups all
  active_checks_enabled 0
  flap_detection_enabled 1
  low_flap_threshold 10
  high_flap_threshold 40
  event_handler_enabled 0
}
define host{
  use any
  host_name gw
  alias The gateway
  address 192.0.2.254
}
define host{
  use any
  host_name web1
  alias First web
  display_name web one
  address 192.0.2.11
  parents gw
  hostgroups +web
  notes about $HOSTNAME$
  notes_url https://wiki.example.org/$HOSTNAME$
  action_url https://act.example.org/$HOSTADDRESS$
  icon_image web.png
  icon_image_alt a web server
  _PORT 8080
  _RACK R1
}
define host{
  use any
  host_name web2
  alias web2
  address 192.0.2.12
  parents gw
  hostgroups +web
  contact_groups managers
  first_notification_delay 10
  notifications_enabled 0
  passive_checks_enabled 1
}
define host{
  use any
  host_name db1
  alias db1
  address 192.0.2.21
  notification_period never
  flap_detection_enabled 0
  check_period never
}
define hostgroup{
  hostgroup_name all
  alias Everything
  notes every host
  notes_url https://wiki.example.org/all
  action_url https://act.example.org/all
}
define hostgroup{
  hostgroup_name web
  alias Web servers
}
define service{
  name watched
  register 0
  max_check_attempts 3
  check_interval 10
  retry_interval 1
  check_period always
  notification_period always
  notification_interval 30
  active_checks_enabled 0
  flap_detection_enabled 0
  check_command check_page!/shop!2
}
define service{
  use watched
  service_description http
  hostgroup_name web
  servicegroups pages
  event_handler restart
  notes_url https://wiki.example.org/$HOSTNAME$/$SERVICEDESC$
  icon_image http.png
}
define service{
  use watched
  service_description disk
  host_name gw,web1,web2,db1
  contact_groups managers
  first_notification_delay 5
  _MOUNT /srv
}
define service{
  use watched
  service_description mysql
  host_name db1
  max_check_attempts 1
  flap_detection_enabled 1
  low_flap_threshold 5
  high_flap_threshold 20
  display_name the database
  check_period never
  notification_period never
  passive_checks_enabled 1
  notifications_enabled 0
}
define servicegroup{
  servicegroup_name pages
  alias What people see
  notes all pages
}
`;

/** Seconds after the beginning, and what came then. */
const history: readonly (readonly [number, string])[] = [
  [0, "PROCESS_HOST_CHECK_RESULT;gw;0;PING OK|rta=1ms"],
  [0, "PROCESS_HOST_CHECK_RESULT;web1;0;up"],
  [0, "PROCESS_HOST_CHECK_RESULT;web2;0;up"],
  [1, "PROCESS_SERVICE_CHECK_RESULT;web1;http;0;fine|time=0.1s;1;2 size=7B"],
  [1, "PROCESS_SERVICE_CHECK_RESULT;web2;http;0;fine"],
  [1, "PROCESS_SERVICE_CHECK_RESULT;web1;disk;0;DISK OK|/=1MB\\n/srv: 7 %\\n/var: 8 %"],
  [1, "PROCESS_SERVICE_CHECK_RESULT;gw;disk;3;no such disk"],
  [2, "PROCESS_SERVICE_CHECK_RESULT;web1;http;2;HTTP CRITICAL"],
  [3, "PROCESS_SERVICE_CHECK_RESULT;web1;http;2;HTTP CRITICAL"],
  [4, "PROCESS_SERVICE_CHECK_RESULT;web1;http;2;HTTP CRITICAL; still"],
  [5, "PROCESS_SERVICE_CHECK_RESULT;web1;disk;1;DISK WARNING"],
  [6, "PROCESS_SERVICE_CHECK_RESULT;db1;mysql;2;gone"],
  [7, "PROCESS_SERVICE_CHECK_RESULT;db1;mysql;0;back"],
  [8, "PROCESS_SERVICE_CHECK_RESULT;db1;mysql;1;slow"],
  [9, "ACKNOWLEDGE_SVC_PROBLEM;web1;http;2;0;1;anna;on it"],
  [9, "PROCESS_HOST_CHECK_RESULT;web2;1;no answer"],
  [10, "ACKNOWLEDGE_HOST_PROBLEM;web2;1;0;0;anna;rebooting"],
  [10, "ADD_HOST_COMMENT;gw;1;anna;a gateway; old"],
  [10, "ADD_SVC_COMMENT;web1;disk;0;anna;watch it"],
  [11, "SCHEDULE_SVC_DOWNTIME;web1;disk;START;END;1;0;600;anna;bigger disk"],
  [11, "SCHEDULE_HOST_DOWNTIME;db1;START;END;1;0;600;anna;moves"],
  [11, "SCHEDULE_HOST_DOWNTIME;web1;LATER;END;0;0;600;anna;some time"],
];

type Same = (ours: unknown, theirs: unknown, about: string) => boolean;
const equals = (ours: unknown, theirs: unknown) => JSON.stringify(ours) === JSON.stringify(theirs);
const is =
  (expected: unknown): Same =>
  (ours) =>
    equals(ours, expected);
/** Here `ours`, there something else: a difference that is gone must leave the table. */
const instead =
  (expected: unknown): Same =>
  (ours, theirs) =>
    equals(ours, expected) && !equals(ours, theirs);
const nowSeconds = () => Math.floor(Date.now() / 1000);
const isRecent: Same = (ours) => typeof ours === "number" && Math.abs(ours - nowSeconds()) < 60;
const isCount: Same = (ours) => typeof ours === "number" && ours >= 0;
const lengthWithoutDowntimes: Same = (ours, theirs) =>
  Array.isArray(ours) && Array.isArray(theirs) && (ours.length === theirs.length || ours.length + 1 === theirs.length);
const withoutIds = (rows: unknown) =>
  Array.isArray(rows)
    ? rows.map((row: unknown[]) => row.slice(1)).filter(([, text]) => !String(text).startsWith("This "))
    : [];

/** Columns of which a nagios4 says nothing, with what they are here, by hand from the configuration and history above. */
const byHand: Readonly<Record<string, Same>> = {
  is_executing: is(0),
  is_impact: is(0),
  source_problems: is([]),
  impacts: is([]),
  criticity: is(2),
  is_problem: (ours, _, about) => ours === (["web2", "web1;http", "db1;mysql"].includes(about) ? 1 : 0),
  realm: is("All"),
  poller_tag: is("None"),
  got_business_rule: is(0),
  parent_dependencies: (ours, _, about) => {
    const [host = "", service] = about.split(";");
    return equals(ours, service !== undefined ? [host] : host.startsWith("web") ? ["gw"] : []);
  },
  last_update: (ours, theirs, about) =>
    ["db1", "db1;disk", "web2;disk", ""].includes(about) ? ours === 0 : isRecent(ours, theirs, about),
  days: (ours, _, about) => equals(ours, about === "always" ? WEEKDAYS.map((day) => [day, "00:00-24:00"]) : []),
  check_external_commands: is(1),
  interval_length: is(60),
  last_command_check: is(0),
  last_log_rotation: is(0),
  livestatus_version: (ours) => /^\d+\.\d+\.\d+/.test(String(ours)),
  program_version: (ours) => /^MyCloud \d/.test(String(ours)),
  program_start: isRecent,
  nagios_pid: isCount,
  cached_log_messages: is(0),
  ...Object.fromEntries(
    ["connections", "requests"].flatMap((name) => [
      [name, isCount],
      [`${name}_rate`, isCount],
    ]),
  ),
  ...Object.fromEntries(
    ["host_checks", "service_checks", "neb_callbacks", "log_messages", "forks"].flatMap((name) => [
      [name, is(0)],
      [`${name}_rate`, is(0)],
    ]),
  ),
};

/** What differs from nagios4 on purpose; each is named in docs/design.md, "Where we differ from Nagios", or docs/how-to/livestatus.md. */
const onPurpose: Readonly<Record<string, Same>> = {
  // What nobody runs has no command and no interval.
  check_command: (ours, _, about) => ours === (about.includes(";") ? "passive" : ""),
  check_interval: instead(0),
  retry_interval: instead(0),
  // How late an agent began, not how long a result from outside was under way.
  latency: instead(0),
  obsess_over_host: instead(0),
  obsess_over_service: instead(0),
  // Where the configuration leaves them out there is what counts, not 0.
  low_flap_threshold: instead(20),
  high_flap_threshold: instead(30),
  // There a first result is no change, that a SOFT state turns HARD is one, and a host's moves with a result of its service.
  last_state_change: (ours, theirs) => typeof ours === "number" && ours !== theirs,
  // There the time of the result goes to the state before it.
  last_time_up: (ours, theirs) => Number(ours) < Number(theirs),
  last_time_down: (ours, theirs) => Number(ours) > 0 && theirs === 0,
  last_time_ok: (ours, theirs) => Number(ours) < Number(theirs),
  last_time_warning: (ours, theirs) => Number(ours) > 0 && theirs === 0,
  last_time_unknown: (ours, theirs) => Number(ours) > 0 && theirs === 0,
  // Known while the state lasts.
  last_time_critical: (ours) => ours === 0,
  // One name for people; a service's is its own.
  alias: (ours, theirs, about) => about.startsWith("web1") && ours === "web one" && theirs === "First web",
  display_name: (ours, _, about) => ours === (about === "db1;mysql" ? "mysql" : "The gateway"),
  icon_image_alt: instead(""),
  // Ids are our own; a downtime leaves no comment.
  comments: lengthWithoutDowntimes,
  comments_with_info: (ours, theirs) => equals(withoutIds(ours), withoutIds(theirs)),
  id: (ours) => typeof ours === "number" && ours > 0,
  // When it came here, not when its sender wrote it.
  entry_time: isRecent,
  // Kept as it was said.
  plugin_output: (ours, theirs) => String(ours).replaceAll(";", ":") === theirs,
  options: (ours, theirs) => String(ours).replaceAll(";", ":") === String(theirs).replaceAll(";", ":"),
  // By when it happened, not by when it was read.
  time: (ours, theirs) => Number(ours) < Number(theirs),
  message: (ours, theirs) => {
    const plain = (line: unknown) =>
      String(line)
        .replace(/^\[\d+\] /, "")
        .replaceAll(";", ":");
    return plain(ours) === plain(theirs);
  },
  // A contact has one period, and is told of hosts and services, or of neither.
  host_notification_period: instead("never"),
  in_host_notification_period: instead(0),
  host_notifications_enabled: instead(1),
  // Two digits there.
  percent_state_change: (ours, theirs) => Math.abs(Number(ours) - Number(theirs)) < 0.006,
};

/** The columns that tell one row of a table from another. */
const keys: Readonly<Record<string, readonly string[]>> = {
  services: ["host_name", "description"],
  comments: ["host_name", "service_description", "comment"],
  downtimes: ["host_name", "service_description", "comment"],
  log: ["type", "options"],
};
const hostPart = /^host_(?!name$|notification)/;

/** `host` or `host;service` of a row, and what the column is called there; a service's column of a host's remark is about nothing. */
function aboutOf(table: string, column: string, row: (name: string) => unknown): [about: string, column: string] {
  if (table === "hosts" || table === "timeperiods") return [String(row("name")), column];
  if (!["services", "comments", "downtimes"].includes(table)) return ["", column];
  const host = String(row("host_name"));
  if (hostPart.test(column)) return [host, column.slice("host_".length)];
  const service = String(row(table === "services" ? "description" : "service_description") ?? "");
  const isOfService = column.startsWith("service_") && column !== "service_description";
  return [service === "" ? "" : `${host};${service}`, isOfService ? column.slice("service_".length) : column];
}

/** Every value that is neither nagios4's nor as one of the tables above says, and every row that is on one side only. */
function compare(
  query: ThrukQuery,
  ours: readonly unknown[][],
  theirs: readonly (readonly unknown[])[],
  usedRules: Set<string>,
): string[] {
  const { table, columns } = query;
  const at = (row: readonly unknown[]) => (name: string) => row[columns.indexOf(name)];
  const names = (keys[table] ?? ["name"]).filter((name) => columns.includes(name));
  const keyOf = (row: readonly unknown[]) => names.map((name) => String(at(row)(name)).replaceAll(";", ":")).join(";");
  const there = new Map(theirs.map((row) => [keyOf(row), row]));
  const here = new Set(ours.map(keyOf));
  const differences = [...there.keys()].filter((key) => !here.has(key)).map((key) => `${table}: only there: ${key}`);
  for (const row of ours) {
    const other = there.get(keyOf(row));
    if (other === undefined) {
      differences.push(`${table}: only here: ${keyOf(row)}`);
      continue;
    }
    for (const [index, value] of row.entries()) {
      const column = columns[index] ?? `Stats ${index}`;
      const expected = other[index];
      if (equals(value, expected)) continue;
      const [about, name] = aboutOf(table, column, at(row));
      if (
        about === "" &&
        names.includes("service_description") &&
        column.startsWith("service_") &&
        [0, "", []].some((none) => equals(value, none))
      )
        continue;
      const ruleName = columns.length === 0 ? "percent_state_change" : name;
      const rules = expected === undefined ? byHand : onPurpose;
      if (rules[ruleName]?.(value, expected, about)) {
        usedRules.add(ruleName);
        continue;
      }
      differences.push(
        `${table} ${keyOf(row)} ${column}: ${JSON.stringify(value)} here, ${JSON.stringify(expected)} there`,
      );
    }
  }
  return differences;
}

const switches = [
  "enable_notifications",
  "enable_event_handlers",
  "check_service_freshness",
  "check_host_freshness",
  "execute_service_checks",
  "execute_host_checks",
  "process_performance_data",
];
const switchedOn = Object.fromEntries(switches.map((name) => [name, 1]));

test("each value of each query that Thruk sends is nagios4's, or differs as documented", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const port = await freePort();
  const nagios = await startNagios([], switchedOn, configuration);
  t.after(() => nagios.stop());
  const server = await startServer(t, {
    env: { MYCLOUD_LIVESTATUS: `127.0.0.1:${port}`, MYCLOUD_LIVESTATUS_COMMANDS: "admin@localhost" },
  });
  for (const { id } of (await server.api("GET", "/api/v1/notification-rules")).body.data) {
    await server.api("DELETE", `/api/v1/notification-rules/${id}`);
  }
  const imported = await runMycloud([
    "import",
    "nagios",
    `${nagios.directory}/nagios.cfg`,
    "--state-dir",
    server.stateDir,
  ]);
  assert.equal(imported.code, 0, imported.stderr);
  // Made by the peer for itself, and by a new installation.
  const named = async (path: string, name: string) =>
    (await server.api("GET", `/api/v1/${path}?perPage=100`)).body.data.find(
      (one: { name: string }) => one.name === name,
    );
  for (const [path, name] of [
    ["hosts", "settle-marker"],
    ["contacts", "administrator"],
  ] as const) {
    const { id } = await named(path, name);
    const removed = await server.api("DELETE", `/api/v1/${path}/${id}`);
    assert.equal(removed.status, 200, JSON.stringify(removed.body));
  }

  const start = Math.floor(Date.now() / 1000) - 12;
  const times: Readonly<Record<string, number>> = { START: start, LATER: start + 3600, END: start + 86_400 };
  const lines = history.map(
    ([at, command]) => `[${start + at}] ${command.replace(/START|LATER|END/g, (name) => String(times[name]))}`,
  );
  await appendFile(nagios.commandFile, lines.map((line) => `${line}\n`).join(""));
  const { log } = await nagios.settle();
  const commanded = await server.api("POST", "/api/v1/external-commands", { body: { commands: lines } });
  for (const { isDone, message } of commanded.body.outcomes) assert.ok(isDone, message);

  const isMarker = (value: unknown) => value === "settle-marker";
  const tables = nagiosTables({
    status: await readFile(nagios.statusFile, "utf8"),
    objectCache: await readFile(`${nagios.directory}/objects.cache`, "utf8"),
    log,
  });
  const differences: string[] = [];
  const usedRules = new Set<string>();
  for (const query of await readThrukQueries(nowSeconds())) {
    const rows = (tables[query.table] ?? []).filter(
      (row) => !isMarker(row.name) && !isMarker(row.host_name) && !(query.table === "comments" && row.entry_type === 2),
    );
    const ours: unknown[][] = JSON.parse(await askLivestatus(port, `${query.text}\nOutputFormat: json`));
    // Programs are named by checks and channels here, and what people command is in the log.
    if (query.table === "commands") assert.ok(ours.some(([name]) => name === "restart"));
    else {
      const own = query.table === "log" ? ours.filter(([kind]) => kind === 1) : ours;
      differences.push(...compare(query, own, referenceAnswer(query, rows), usedRules));
    }
  }
  assert.deepEqual([...new Set(differences)], []);
  // A difference that is gone leaves the tables.
  assert.deepEqual(
    [...Object.keys(byHand), ...Object.keys(onPurpose)].filter((name) => !usedRules.has(name)),
    [],
  );
});
