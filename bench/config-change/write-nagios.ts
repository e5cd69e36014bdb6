import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a Nagios configuration as generators write them: each host with an address and parents of its own, each service by itself on one host, every fifth with
 * arguments that no other host has. Answers the path of its nagios.cfg.
 */
export function writeNagios(directory: string, { hosts, services }: { hosts: number; services: number }): string {
  mkdirSync(join(directory, "objects"), { recursive: true });
  writeFileSync(join(directory, "nagios.cfg"), "cfg_dir=objects\nuse_regexp_matching=0\n");
  const basics = [
    block("timeperiod", { timeperiod_name: "24x7", alias: "always", monday: "00:00-24:00" }),
    block("command", { command_name: "notify", command_line: "/usr/bin/mail -s '$HOSTNAME$' $CONTACTEMAIL$" }),
    block("command", {
      command_name: "check_host",
      command_line: "/usr/lib/nagios/plugins/check_icmp -H $HOSTADDRESS$",
    }),
    block("command", {
      command_name: "check_port",
      command_line: "/usr/lib/nagios/plugins/check_tcp -H $HOSTADDRESS$ -p $ARG1$",
    }),
    block("contact", {
      contact_name: "ops",
      email: "ops@example.org",
      host_notification_commands: "notify",
      service_notification_commands: "notify",
      host_notification_period: "24x7",
      service_notification_period: "24x7",
      host_notification_options: "d,r",
      service_notification_options: "w,c,r",
    }),
    block("contactgroup", { contactgroup_name: "everybody", members: "ops" }),
    block("host", {
      name: "generic",
      check_command: "check_host",
      max_check_attempts: "3",
      check_period: "24x7",
      notification_period: "24x7",
      contact_groups: "everybody",
      register: "0",
    }),
    block("service", {
      name: "generic",
      max_check_attempts: "3",
      check_interval: "4",
      retry_interval: "1",
      check_period: "24x7",
      notification_period: "24x7",
      contact_groups: "everybody",
      register: "0",
    }),
  ];
  writeFileSync(join(directory, "objects/basics.cfg"), basics.join(""));
  for (let host = 0; host < hosts; host++) {
    const name = `nag${String(host + 1).padStart(5, "0")}`;
    const address = `10.${(host >> 16) & 255}.${(host >> 8) & 255}.${host & 255}`;
    const parents = host % 100 === 0 ? {} : { parents: `nag${String(host - (host % 100) + 1).padStart(5, "0")}` };
    const objects = [block("host", { use: "generic", host_name: name, address, ...parents })];
    for (let index = 0; index < services; index++) {
      const port = index % 5 === 4 ? 10_000 + host : 1_000 + index;
      objects.push(
        block("service", {
          use: "generic",
          host_name: name,
          service_description: `port ${index + 1}`,
          check_command: `check_port!${port}`,
        }),
      );
    }
    writeFileSync(join(directory, `objects/${name}.cfg`), objects.join(""));
  }
  return join(directory, "nagios.cfg");
}

function block(kind: string, directives: Readonly<Record<string, string>>): string {
  const lines = Object.entries(directives).map(([name, value]) => `  ${name} ${value}\n`);
  return `define ${kind} {\n${lines.join("")}}\n`;
}
