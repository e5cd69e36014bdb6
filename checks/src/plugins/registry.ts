import type { Plugin } from "../plugin/plugin.ts";

/**
 * Every built-in plugin by name. Each is loaded when it is first used: an agent keeps only the code its checks need, and
 * `mycloud check load` does not wait for an HTTP client.
 */
export const plugins: ReadonlyMap<string, () => Promise<Plugin>> = new Map<string, () => Promise<Plugin>>([
  ["agent", async () => (await import("./agent/agent.ts")).agent],
  ["clock", async () => (await import("./clock/clock.ts")).clock],
  ["cpu", async () => (await import("./cpu/cpu.ts")).cpu],
  ["disk", async () => (await import("./disk/disk.ts")).disk],
  ["diskio", async () => (await import("./diskio/diskio.ts")).diskio],
  ["dns", async () => (await import("./dns/dns.ts")).dns],
  ["external", async () => (await import("./external/external.ts")).external],
  ["file-age", async () => (await import("./file-age/file-age.ts")).fileAge],
  ["http", async () => (await import("./http/http.ts")).http],
  ["interface", async () => (await import("./interface/interface.ts")).networkInterface],
  ["load", async () => (await import("./load/load.ts")).load],
  ["log-pipeline", async () => (await import("./log-pipeline/log-pipeline.ts")).logPipeline],
  ["mariadb", async () => (await import("./mariadb/mariadb.ts")).mariadb],
  ["memory", async () => (await import("./memory/memory.ts")).memory],
  ["nrpe", async () => (await import("./nrpe/nrpe.ts")).nrpe],
  ["ping", async () => (await import("./ping/ping.ts")).ping],
  ["processes", async () => (await import("./processes/processes.ts")).processes],
  ["reboot", async () => (await import("./reboot/reboot.ts")).reboot],
  ["smtp", async () => (await import("./smtp/smtp.ts")).smtp],
  ["snmp", async () => (await import("./snmp/snmp.ts")).snmp],
  ["snmp-interface", async () => (await import("./snmp-interface/snmp-interface.ts")).snmpInterface],
  ["snmp-load", async () => (await import("./snmp-load/snmp-load.ts")).snmpLoad],
  ["snmp-printer", async () => (await import("./snmp-printer/snmp-printer.ts")).snmpPrinter],
  ["snmp-storage", async () => (await import("./snmp-storage/snmp-storage.ts")).snmpStorage],
  ["snmp-table", async () => (await import("./snmp-table/snmp-table.ts")).snmpTable],
  ["snmp-ups", async () => (await import("./snmp-ups/snmp-ups.ts")).snmpUps],
  ["snmp-uptime", async () => (await import("./snmp-uptime/snmp-uptime.ts")).snmpUptime],
  ["ssh", async () => (await import("./ssh/ssh.ts")).ssh],
  ["swap", async () => (await import("./swap/swap.ts")).swap],
  ["systemd", async () => (await import("./systemd/systemd.ts")).systemd],
  ["tcp", async () => (await import("./tcp/tcp.ts")).tcp],
  ["tls-certificate", async () => (await import("./tls-certificate/tls-certificate.ts")).tlsCertificate],
  ["updates", async () => (await import("./updates/updates.ts")).updates],
  ["uptime", async () => (await import("./uptime/uptime.ts")).uptime],
  ["users", async () => (await import("./users/users.ts")).users],
]);
