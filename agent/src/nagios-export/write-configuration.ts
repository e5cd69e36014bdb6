import { type Definition, formatObjects } from "@mycloud/checks/nagios-objects";
import { createCommands } from "./commands.ts";
import { defineContacts } from "./define-contacts.ts";
import { defineHosts, defineServices, defineTemplates } from "./define-objects.ts";
import { defineGroups, definePeriods } from "./define-periods-groups.ts";
import { defineDependencies, defineEscalations } from "./define-relations.ts";
import { type Inventory, ofKind } from "./inventory.ts";
import { turnRules } from "./told.ts";

/** First line of every file, by which an export knows a directory that it may replace. */
export const exportMark = "# Written by mycloud export nagios; changes are lost at the next export.";

/** The files of a configuration by name; `directory` is where they will lie. Times are in seconds (`interval_length=1`). Pure but for remarks. */
export function writeConfiguration(inventory: Inventory, directory: string): Map<string, string> {
  const told = turnRules(inventory);
  const commands = createCommands();
  const files: [string, Definition[]][] = [
    ["timeperiods.cfg", definePeriods(inventory)],
    ["groups.cfg", defineGroups(inventory)],
    ["templates.cfg", defineTemplates(inventory)],
    ["hosts.cfg", defineHosts(inventory, told, commands)],
    ["services.cfg", defineServices(inventory, told, commands)],
    ["contacts.cfg", defineContacts(inventory, commands)],
    ["dependencies.cfg", defineDependencies(inventory)],
    ["escalations.cfg", defineEscalations(inventory, told)],
  ];
  files.push(["commands.cfg", commands.definitions()]);
  const written = files.map(([name, definitions]): [string, string] => [
    name,
    `${exportMark}\n\n${formatObjects(definitions)}`,
  ]);
  const timeout = (target: string, fallback: number) =>
    Math.max(
      0,
      ...ofKind(inventory, "Check").flatMap(({ spec }) =>
        spec.target === target ? [Math.ceil(spec.timeoutSeconds)] : [],
      ),
    ) || fallback;
  const main = [
    exportMark,
    ...written.map(([name]) => `cfg_file=${directory}/${name}`),
    "interval_length=1",
    `service_check_timeout=${timeout("service", 60)}`,
    `host_check_timeout=${timeout("host", 30)}`,
    "enable_flap_detection=1",
    "allow_empty_hostgroup_assignment=1",
    "illegal_macro_output_chars=`~$&|'\"<>",
    "check_external_commands=1",
    "log_file=/var/log/nagios4/nagios.log",
    "object_cache_file=/var/lib/nagios4/objects.cache",
    "status_file=/var/lib/nagios4/status.dat",
    "state_retention_file=/var/lib/nagios4/retention.dat",
    "command_file=/var/lib/nagios4/rw/nagios.cmd",
    "check_result_path=/var/lib/nagios4/spool/checkresults",
    "lock_file=/var/run/nagios4/nagios4.pid",
    "nagios_user=nagios",
    "nagios_group=nagios",
  ];
  return new Map([...written, ["nagios.cfg", `${main.join("\n")}\n`]]);
}
