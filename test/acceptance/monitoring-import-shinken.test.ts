// A configuration with Shinken's additions; nagios4 refuses them, so what must come out is written here by hand.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { runMycloud, startServer, temporaryDirectory } from "../support/index.ts";

const objects = `define command{
  command_name check
  command_line /opt/check_x -H $HOSTADDRESS$ -a $ARG1$
}
define command{
  command_name notify-by-mail
  command_line /usr/bin/mail $CONTACTEMAIL$
}
define timeperiod{
  timeperiod_name always
  monday 00:00-24:00
}
define notificationway{
  notificationway_name mail
  service_notification_commands notify-by-mail
  host_notification_commands notify-by-mail
  service_notification_options c,r
  host_notification_options d,r
  service_notification_period always
  host_notification_period always
  min_business_impact 3
}
define contact{
  contact_name anna
  email anna@example.org
  notificationways mail
}
define contact{
  contact_name boss
  email boss@example.org
  notificationways mail
}
define escalation{
  escalation_name to-boss
  first_notification_time 60
  contacts boss
}
define realm{
  realm_name Europe
}
define host{
  name linux
  register 0
  check_command check!host
  criticity 4
  contacts anna
  realm Europe
  poller_tag dmz
  escalations to-boss
}
define host{
  use linux,tag-only
  host_name web1
  hostgroups web
  _DISKS /, /var $(80)$
  service_overrides Load,check_interval 9
  trigger_name none
}
define host{
  use linux
  host_name db1
  hostgroups web,db
  service_excludes Load
}
define hostgroup{
  hostgroup_name web
}
define service{
  service_description Load
  host_name linux
  check_command check!load
  max_check_attempts 3
  register 0
}
define service{
  service_description Only web
  hostgroup_name web&!db
  check_command check!web
}
define service{
  service_description Disk $KEY$
  host_name *
  duplicate_foreach _DISKS
  default_value $(90)$
  check_command check!$VALUE1$
}
define service{
  service_description Shop
  host_name web1
  check_command bp_rule!web1,Load & !db1
  business_impact 5
  resultmodulations none
}
`;

test("tags, group expressions, duplicates, overrides, ways, escalations by time and business rules are carried or told", async (t) => {
  const directory = await temporaryDirectory("shinken");
  const file = join(directory, "shinken.cfg");
  await writeFile(join(directory, "objects.cfg"), objects);
  await writeFile(file, "cfg_file=objects.cfg\n");
  const server = await startServer(t);
  const run = () => runMycloud(["import", "nagios", directory, "--shinken", "--json", "--state-dir", server.stateDir]);
  const first = await run();
  assert.equal(first.code, 0, first.stderr);
  const { body: services } = await server.api("GET", "/api/v1/services?perPage=1000&sort=name");
  const rows = services.data.filter(({ name }: { name: string }) => !name.startsWith("host "));
  assert.deepEqual(
    rows
      .map((row: { hostName: string; name: string; arguments: string[]; checkIntervalSeconds: number | null }) =>
        [`${row.hostName}/${row.name}`, row.arguments.at(-1), row.checkIntervalSeconds].join(" "),
      )
      .sort(),
    [
      "web1/Disk / 90 300",
      "web1/Disk /var 80 300",
      "web1/Load load 540",
      "web1/Only web web 300",
      "web1/Shop web1,Load & !db1 300",
    ],
  );
  const { body: exported } = await server.api("GET", "/api/v1/export?expanded=true");
  const find = (kind: string, name: string) =>
    exported.resources.find((one: { kind: string; name: string }) => one.kind === kind && one.name === name);
  assert.deepEqual(find("Host", "web1").spec.labels, { realm: "Europe", poller_tag: "dmz" });
  assert.equal(find("Host", "web1").spec.businessImpact, 4);
  assert.equal(find("Host", "web1").spec.variables.TAGS, "linux,tag-only");
  assert.deepEqual(find("Host", "db1").spec.groups, ["db", "web"]);
  assert.equal(find("Contact", "anna").spec.minimumBusinessImpact, 3);
  assert.equal(find("Check", "Shop").spec.command, "bp_rule");
  const rules = exported.resources.filter(
    (one: { kind: string; name: string }) => one.kind === "NotificationRule" && one.name.startsWith("nagios "),
  );
  const ofHosts = rules.find(
    (one: { spec: { selector: { services: string[] } } }) => one.spec.selector.services.length === 0,
  );
  assert.deepEqual(
    ofHosts.spec.escalations.map(({ afterSeconds, contacts }: { afterSeconds: number; contacts: string[] }) => [
      afterSeconds,
      contacts,
    ]),
    [[3600, ["boss"]]],
  );
  assert.deepEqual(find("Contact", "anna").spec.states.sort(), ["CRITICAL", "DOWN", "RECOVERY", "STALE"]);

  const { remarks } = JSON.parse(first.stdout);
  const told = remarks
    .map(
      ({ file: where, line, what }: { file: string; line: number; what: string }) =>
        `${where.split("/").at(-1)}:${line} ${what}`,
    )
    .join("\n");
  const lineOf = (text: string) => objects.split("\n").findIndex((line) => line.includes(text)) + 1;
  for (const text of ["define realm", "trigger_name", "resultmodulations"])
    assert.match(told, new RegExp(`^objects\\.cfg:${lineOf(text)} `, "m"), told);
  const again = JSON.parse((await run()).stdout);
  assert.deepEqual(
    again.changes.filter(({ action }: { action: string }) => action !== "unchanged"),
    [],
  );
});
