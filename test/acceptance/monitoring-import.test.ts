import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { NAGIOS_PROGRAM } from "../peers/nagios.ts";
import { type NagiosVerdict, verifyWithNagios } from "../peers/nagios-objects-cache.ts";
import { requirePeer } from "../peers/peer.ts";
import { runMycloud, startServer, type TestServer, temporaryDirectory } from "../support/index.ts";

const zone = new Intl.DateTimeFormat("en").resolvedOptions().timeZone;
const sample = "/etc/nagios4/nagios.cfg";

async function mainLinesOf(file: string): Promise<string[]> {
  const lines = (await readFile(file, "utf8")).split("\n").map((line) => line.trim());
  return lines.filter((line) => /^(cfg_dir|cfg_file|resource_file|use_regexp_matching|interval_length)=/.test(line));
}

function importNagios(server: TestServer, path: string, ...more: string[]) {
  return runMycloud(["import", "nagios", path, "--json", "--state-dir", server.stateDir, ...more]);
}

/** The words a real shell makes of a command line with its macros put in. */
function wordsOf(
  objects: NagiosVerdict["objects"],
  checkCommand: string,
  macros: Readonly<Record<string, string>>,
): string[] {
  const [name, ...given] = checkCommand.split("!");
  const line =
    objects.find(({ type, values }) => type === "command" && values.command_name === name)?.values.command_line ?? "";
  const put = (text: string, depth: number): string =>
    text.replace(/\$([A-Z0-9_]+)\$/g, (_, macro: string) => {
      const number = /^ARG(\d+)$/.exec(macro)?.[1];
      return number === undefined ? (macros[macro] ?? "") : depth > 0 ? "" : put(given[Number(number) - 1] ?? "", 1);
    });
  return execFileSync("/bin/sh", ["-c", `set -f; set -- ${put(line, 0)}; printf '%s\\n' "$@"`], { encoding: "utf8" })
    .split("\n")
    .slice(0, -1);
}

/** What the control plane has after the import, in the words of nagios' cache. */
async function importedServices(server: TestServer, userMacros: Readonly<Record<string, string>>) {
  const { body } = await server.api("GET", "/api/v1/services?perPage=1000");
  const { body: exported } = await server.api("GET", "/api/v1/export?expanded=true");
  const hosts = new Map(
    exported.resources
      .filter((one: { kind: string }) => one.kind === "Host")
      .map((one: { name: string }) => [one.name, one]),
  );
  const rules = exported.resources.filter((one: { kind: string }) => one.kind === "NotificationRule");
  // What tells whether a host is UP is a check with `target: host`, no service.
  const services = body.data.filter(({ name }: { name: string }) => !name.startsWith("host "));
  return services.map((service: { hostName: string; name: string; arguments: string[] }) => {
    const address = (hosts.get(service.hostName) as { spec: { address: string } }).spec.address;
    const macros: Record<string, string> = { HOSTADDRESS: address, HOSTNAME: service.hostName, ...userMacros };
    const told = rules.filter(
      ({ spec }: { spec: { selector: { hosts: string[]; services: string[] } } }) =>
        spec.selector.hosts?.includes(service.hostName) && spec.selector.services?.includes(service.name),
    );
    const words = service.arguments.slice(service.arguments[0] === "--" ? 1 : 0);
    return {
      service: `${service.hostName}/${service.name}`,
      contacts: [...new Set(told.flatMap(({ spec }: { spec: { contacts: string[] } }) => spec.contacts))].sort(),
      words: words.map((word) =>
        word.replace(/\$([A-Z]*)\$/g, (_, name: string) => (name === "" ? "$" : (macros[name] ?? ""))),
      ),
    };
  });
}

function nagiosServices({ objects }: NagiosVerdict, userMacros: Readonly<Record<string, string>>) {
  const groups = new Map(
    objects.flatMap(({ type, values }) =>
      type === "contactgroup" ? [[values.contactgroup_name, (values.members ?? "").split(",")]] : [],
    ),
  );
  const hosts = new Map(objects.flatMap(({ type, values }) => (type === "host" ? [[values.host_name, values]] : [])));
  const split = (text: string | undefined) => (text ?? "").split(",").filter((name) => name !== "");
  return objects.flatMap(({ type, values }) => {
    if (type !== "service") return [];
    const name = values.host_name ?? "";
    const host = hosts.get(name);
    const macros: Record<string, string> = {
      HOSTADDRESS: host?.address ?? "",
      HOSTNAME: name,
      HOSTALIAS: host?.alias ?? "",
      ...userMacros,
    };
    for (const [key, value] of Object.entries(host ?? {}))
      if (key.startsWith("_")) macros[`_HOST${key.slice(1)}`] = value;
    for (const [key, value] of Object.entries(values))
      if (key.startsWith("_")) macros[`_SERVICE${key.slice(1)}`] = value;
    const members = split(values.contact_groups).flatMap((group) => groups.get(group) ?? []);
    return [
      {
        service: `${name}/${values.service_description}`,
        contacts: [...new Set([...split(values.contacts), ...members])].sort(),
        words: wordsOf(objects, values.check_command ?? "", macros),
      },
    ];
  });
}

const byService = (a: { service: string }, b: { service: string }) => (a.service < b.service ? -1 : 1);

test("Debian's sample configuration is taken over as nagios4 reads it, and a second time there is nothing to do", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core") || !existsSync(sample)) return;
  const directory = await temporaryDirectory("import");
  const verdict = await verifyWithNagios(directory, await mainLinesOf(sample));
  assert.ok(verdict.isAccepted, verdict.output);
  const server = await startServer(t);
  const before = (await server.api("GET", "/api/v1/services?perPage=1000")).body.total;
  assert.equal(before, 0);

  const dry = await importNagios(server, "/etc/nagios4", "--dry-run");
  assert.equal(dry.code, 0, dry.stderr);
  assert.equal((await server.api("GET", "/api/v1/hosts")).body.total, 0);

  const first = await importNagios(server, "/etc/nagios4");
  assert.equal(first.code, 0, first.stderr);
  const macros = { USER1: "/usr/lib/nagios/plugins" };
  const ours = (await importedServices(server, macros)).sort(byService);
  // Checks of a new installation are for hosts with labels an agent reports; none is for an imported host.
  assert.deepEqual(ours, nagiosServices(verdict, macros).sort(byService));
  const { body: hosts } = await server.api("GET", "/api/v1/hosts");
  assert.deepEqual(
    hosts.data.map(({ name }: { name: string }) => name).sort(),
    verdict.objects.flatMap(({ type, values }) => (type === "host" ? [values.host_name] : [])).sort(),
  );

  const again = await importNagios(server, "/etc/nagios4");
  const changes: { action: string; kind: string; name: string }[] = JSON.parse(again.stdout).changes;
  assert.deepEqual(
    changes.filter(({ action }) => action !== "unchanged"),
    [],
  );
});

const objects = `define command{
  command_name check
  command_line $USER1$/check_x -H $HOSTADDRESS$ -a '$ARG1$' "$ARG2$" $_HOSTPORT$ $_SERVICELEVEL$
}
define command{
  command_name piped
  command_line /bin/echo OK | /bin/cat
}
define command{
  command_name notify-by-mail
  command_line /usr/bin/mail -s x $CONTACTEMAIL$
}
define command{
  command_name restart
  command_line /usr/local/bin/restart $SERVICEDESC$
}
define timeperiod{
  timeperiod_name always
  alias always
  sunday 00:00-24:00
  monday 00:00-24:00
  december 25 00:00-00:00
  monday 3 may 01:00-02:00
}
define contact{
  name person
  register 0
  host_notification_period always
  service_notification_period always
  host_notification_options d,r
  service_notification_options c,r
  host_notification_commands notify-by-mail
  service_notification_commands notify-by-mail
}
define contact{
  use person
  contact_name anna
  email anna@example.org
}
define contact{
  use person
  contact_name bob
  email bob@example.org
  contactgroups night
  service_notification_options w,c,r
}
define contactgroup{
  contactgroup_name night
}
define host{
  name generic
  register 0
  check_command check!host!alive
  max_check_attempts 3
  notification_period always
  contacts anna
  _PORT 80
}
define host{
  use generic
  host_name router
  address 192.0.2.1
}
define host{
  use generic
  host_name web1
  address 192.0.2.11
  hostgroups web
  parents router
  contact_groups +night
  _PORT 8080
}
define host{
  use generic
  host_name web2
  address 192.0.2.12
  hostgroups web
}
define hostgroup{
  hostgroup_name web
}
define service{
  name watched
  register 0
  max_check_attempts 2
  check_interval 2
  check_period always
  notification_period always
}
define service{
  use watched
  service_description Page
  hostgroup_name web
  check_command check!a b!it's
  _LEVEL 5
  event_handler restart
}
define service{
  use watched
  service_description Page
  host_name web2
  check_command check!other
  contacts bob
}
define service{
  use watched
  service_description Told
  host_name *,!router
  check_command check
  active_checks_enabled 0
  check_freshness 1
  freshness_threshold 600
  is_volatile 1
}
define service{
  use watched
  service_description Piped
  host_name web1
  check_command piped
}
define servicedependency{
  hostgroup_name web
  service_description Page
  dependent_service_description Told
  execution_failure_criteria c
  notification_failure_criteria w,c
}
define hostdependency{
  host_name router
  dependent_hostgroup_name web
  notification_failure_options d
}
define serviceescalation{
  host_name web1
  service_description *
  first_notification 3
  last_notification 0
  contact_groups night
  notification_interval 15
}
`;

test("an own configuration is taken over, what cannot be is told with file and line, and what is exported comes back the same", async (t) => {
  if (!requirePeer(t, NAGIOS_PROGRAM, "nagios4-core")) return;
  const directory = await temporaryDirectory("import");
  const file = join(directory, "objects.cfg");
  await writeFile(file, objects);
  await writeFile(join(directory, "resource.cfg"), "$USER1$=/opt/plugins\n");
  const lines = [`cfg_file=${file}`, `resource_file=${join(directory, "resource.cfg")}`];
  await writeFile(join(directory, "nagios.cfg"), `${lines.join("\n")}\n`);
  const verdict = await verifyWithNagios(directory, lines);
  assert.ok(verdict.isAccepted, verdict.output);
  const server = await startServer(t);
  // The rule of a new installation, by which the administrator is told of everything.
  for (const { id } of (await server.api("GET", "/api/v1/notification-rules")).body.data) {
    assert.equal((await server.api("DELETE", `/api/v1/notification-rules/${id}`)).status, 200);
  }
  const imported = await importNagios(server, join(directory, "nagios.cfg"));
  assert.equal(imported.code, 0, imported.stderr);
  const { remarks } = JSON.parse(imported.stdout);
  const lineOf = (text: string) => objects.split("\n").findIndex((line) => line.includes(text)) + 1;
  const told = remarks.map(({ line, what }: { line: number; what: string }) => `${line} ${what}`).join("\n");
  assert.match(told, new RegExp(`^${lineOf("check_command piped")} service Piped: piped$`, "m"));
  assert.match(told, new RegExp(`^${lineOf("is_volatile 1")} service Told: is_volatile 1$`, "m"));
  assert.match(told, new RegExp(`^${lineOf("event_handler restart")} event handler restart$`, "m"));

  const macros = { USER1: "/opt/plugins" };
  const isRun = ({ service }: { service: string }) => !/(Told|Piped)$/.test(service);
  const ours = (await importedServices(server, macros)).sort(byService);
  const theirs = nagiosServices(verdict, macros).sort(byService);
  assert.deepEqual(
    ours.map(({ service, contacts }: { service: string; contacts: string[] }) => [service, contacts]),
    theirs.map(({ service, contacts }) => [service, contacts]),
  );
  assert.deepEqual(ours.filter(isRun), theirs.filter(isRun));

  const written = join(directory, "exported");
  const exported = await runMycloud(["export", "nagios", written, "--json", "--state-dir", server.stateDir]);
  assert.equal(exported.code, 0, exported.stderr);
  const accepted = await verifyWithNagios(directory, await mainLinesOf(join(written, "nagios.cfg")));
  assert.ok(accepted.isAccepted, accepted.output);
  const back = nagiosServices(accepted, {}).sort(byService);
  assert.deepEqual(back.filter(isRun), theirs.filter(isRun));
  const round = await importNagios(server, written, "--time-zone", zone);
  assert.equal(round.code, 0, round.stderr);
  const moved: { action: string }[] = JSON.parse(round.stdout).changes;
  assert.deepEqual(
    moved.filter(({ action }) => action !== "unchanged"),
    [],
  );

  const allowed = await importNagios(server, join(directory, "nagios.cfg"), "--allow-shell");
  assert.match(allowed.stdout, /sh -c/);
  const { body: piped } = await server.api("GET", `/api/v1/services?filter=${encodeURIComponent('{"name":"Piped"}')}`);
  assert.deepEqual(piped.data[0].arguments, ["--", "/bin/sh", "-c", "/bin/echo OK | /bin/cat"]);
});

test("a configuration with which nagios would not start changes nothing, and says where", async (t) => {
  const directory = await temporaryDirectory("import");
  const file = join(directory, "objects.cfg");
  await writeFile(file, "define host{\nhost_name a\nparents nobody\nuse none\n}\n");
  const server = await startServer(t);
  const refused = await importNagios(server, file);
  assert.equal(refused.code, 65);
  assert.match(refused.stderr, /objects\.cfg:3/);
  assert.match(refused.stderr, /objects\.cfg:4/);
  assert.equal((await server.api("GET", "/api/v1/hosts")).body.total, 0);
  const skipped = await importNagios(server, file, "--skip-faulty");
  assert.equal(skipped.code, 0, skipped.stderr);
  assert.equal((await server.api("GET", "/api/v1/hosts")).body.total, 1);
});
