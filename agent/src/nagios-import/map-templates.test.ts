import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfiguration } from "@mycloud/checks/nagios-objects";
import { inheritedFields, joinFields, plainFields, type TemplateFields } from "@mycloud/protocol/definition";
import { mapConfiguration } from "./map-configuration.ts";

const text = `define command{
  command_name check
  command_line /opt/check $HOSTADDRESS$
}
define timeperiod{
  timeperiod_name work
  monday 08:00-17:00
}
define host{
  name base
  register 0
  check_command check
  contacts anna
  max_check_attempts 5
  hostgroups all
  check_period work
  _TIER 1
  is_volatile 1
}
define host{
  name web
  use base
  register 0
  hostgroups +web
  _TIER 2
}
define host{
  use web
  host_name web1
  max_check_attempts 5
  check_period null
}
define host{
  use web
  host_name web2
  hostgroups eu
  notes "hello"
}
define host{
  host_name plain
}
define hostgroup{
  hostgroup_name all
}
define hostgroup{
  hostgroup_name web
}
define hostgroup{
  hostgroup_name eu
}
define service{
  name web
  register 0
  check_interval 7
  max_check_attempts 2
  servicegroups pages
}
define service{
  use web
  service_description http
  host_name web1,web2
  check_command check
}
define service{
  use web
  service_description told
  host_name web1
  check_command check
  active_checks_enabled 0
}
define service{
  service_description both
  host_name web1
  check_command bp_rule!web1,http & !web2,http
  servicegroups pages
}
define servicegroup{
  servicegroup_name pages
}
`;
const reading = { isShinken: true, hasRegexMatching: false, hasTrueRegexMatching: false };
const options = { isShinken: true, allowShell: false, probers: [], timeZone: "UTC" };

function importText() {
  const { configuration } = readConfiguration([{ name: "a.cfg", text }], reading);
  return mapConfiguration(configuration, { settings: new Map(), macros: new Map() }, reading, options);
}
const { resources, remarks } = importText();
const find = (kind: string, name: string) => {
  const found = resources.find((one) => one.kind === kind && one.name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
};

test("templates say what they say in the source, and objects what they say themselves", () => {
  assert.deepEqual(find("Template", "base").spec.spec, {
    maxCheckAttempts: 5,
    checkPeriod: "work",
    groups: ["all"],
    variables: { TIER: "1" },
  });
  assert.deepEqual(find("Template", "web").spec, {
    for: "Host",
    uses: ["base"],
    spec: { groups: ["+", "web"], variables: { TIER: "2" } },
  });
  const { uses, spec } = find("Host", "web1");
  assert.deepEqual([uses, spec.maxCheckAttempts, spec.checkPeriod, spec.groups], [["web"], 5, null, undefined]);
  assert.deepEqual(find("Host", "web2").spec.groups, ["eu"]);
  assert.equal(find("Host", "plain").uses, undefined);
});

test("a name that a host template has is another one for services, and again for passive ones", () => {
  assert.deepEqual(find("Check", "http").uses, ["web service"]);
  assert.deepEqual(find("Template", "web service").spec.spec, { checkIntervalSeconds: 420, maxCheckAttempts: 2 });
  assert.deepEqual(find("Service", "told").uses, ["web passive"]);
});

test("what an object has with its templates is what it has in the source", () => {
  const templates = new Map<string, TemplateFields>();
  for (const { kind, name, spec } of resources) {
    const { for: of, uses, spec: fields } = spec as { for: string; uses?: string[]; spec: Record<string, unknown> };
    if (kind === "Template") templates.set(name, { for: of, uses: uses ?? [], spec: fields });
  }
  const all = ({ kind, uses = [], spec }: (typeof resources)[number]) =>
    plainFields(joinFields(spec, inheritedFields(kind, uses, templates)));
  const web1 = all(find("Host", "web1"));
  assert.deepEqual(web1.groups, ["all", "web"]);
  assert.deepEqual(web1.variables, { TIER: "2", TAGS: "web,base" });
  assert.equal(all(find("Check", "http")).checkIntervalSeconds, 420);
});

test("business rules are computed, and a service group may differ from host to host", () => {
  const { command, arguments: words } = find("Check", "both").spec;
  assert.deepEqual([command, words], ["bp_rule", ["web1,http & !web2,http"]]);
  const { selector } = find("ServiceGroup", "pages").spec;
  assert.deepEqual(selector, {
    anyOf: [
      { hosts: ["web1"], services: ["both", "told"] },
      { hosts: ["web1", "web2"], services: ["http"] },
    ],
  });
});

test("what a template has that is not carried is told once, where it is written", () => {
  const told = remarks.filter(({ what }) => what.includes("is_volatile"));
  const line = text.split("\n").findIndex((one) => one.includes("is_volatile")) + 1;
  assert.deepEqual(
    told.map((one) => one.line),
    [line],
  );
});

test("the same configuration is the same definitions", () => {
  assert.deepEqual(importText().resources, resources);
});
