import { type StoredKind, storedKinds } from "@mycloud/protocol/definition";
import { keptSecret } from "@mycloud/protocol/forward";
import type { FakeRecord } from "./query.ts";

const day = 86_400_000;

/** Those of backups are in backups.ts, with what follows from them. */
type MonitoringKind = Exclude<StoredKind, "BackupPolicy" | "StorageServer">;

/** Definitions as somebody might have written them, by kind. */
const inputs: { readonly [Kind in MonitoringKind]: (nowMs: number) => readonly object[] } = {
  TimePeriod: () => [
    {
      name: "office hours",
      alias: "Monday to Friday",
      timeZone: "Europe/Berlin",
      weekly: Object.fromEntries(
        ["monday", "tuesday", "wednesday", "thursday", "friday"].map((weekday) => [
          weekday,
          ["09:00-12:00", "13:00-17:00"],
        ]),
      ),
      exceptions: [
        { days: "december 24 - december 26", times: [] },
        { days: "december 31", times: ["09:00-12:00"] },
      ],
    },
    { name: "nights", timeZone: "Europe/Berlin", weekly: { monday: ["22:00-06:00"], saturday: ["00:00-24:00"] } },
  ],
  Dependency: () => [
    {
      name: "shop needs its database",
      dependent: { groups: ["web"], services: ["http"] },
      masters: [{ host: "db01.ams.example.org", service: "load" }],
      notificationFailureStates: ["CRITICAL", "UNKNOWN"],
      period: "office hours",
    },
  ],
  HostGroup: () => [{ name: "web", alias: "Web servers", notesUrl: "https://wiki.example.org/web" }],
  ServiceGroup: () => [{ name: "certificates", alias: "What ends some day", selector: { services: ["tls-*"] } }],
  ContactGroup: () => [{ name: "operators", alias: "Who is on duty", contacts: ["oncall", "dana"] }],
  OnCallSchedule: (nowMs) => [
    {
      name: "night shift",
      timeZone: "Europe/Berlin",
      members: ["oncall", "dana", "acme helpdesk"],
      startDate: "2026-01-05",
      overrides: [{ contact: "dana", fromMs: nowMs + 4 * day, untilMs: nowMs + 6 * day }],
    },
  ],
  RecurringDowntime: () => [
    {
      name: "nightly backup",
      selector: { groups: ["backup"] },
      cron: "0 2 * * *",
      timeZone: "Europe/Berlin",
      durationSeconds: 7200,
      comment: "backups slow the disks down",
    },
  ],
  EventHandler: () => [
    {
      name: "restart the web server",
      selector: { groups: ["web"], services: ["http"] },
      command: "restart-web",
      arguments: ["$HOSTNAME$"],
      stateTypes: ["SOFT", "HARD"],
      attempt: 2,
    },
  ],
  Forward: () => [
    {
      name: "old shinken",
      target: { type: "ws-arbiter", url: "http://shinken.example.org:7760", username: "us", password: keptSecret },
    },
    { name: "old nagios", target: { type: "nsca", host: "nagios.example.org" }, isEnabled: false },
  ],
  Template: () => [
    {
      name: "linux server",
      for: "Host",
      spec: { groups: ["+", "linux"], maxCheckAttempts: 5, checkPeriod: "office hours" },
    },
  ],
  LogSource: () => [
    {
      name: "access log",
      selector: { groups: ["web"] },
      input: { type: "file", paths: ["/var/log/nginx/*access.log"] },
      parser: { type: "access" },
      service: "nginx",
      destinations: ["archive"],
    },
    { name: "journal", selector: {}, input: { type: "journal", priority: "info" } },
  ],
  LogDestination: () => [
    { name: "archive", host: "fluentd.example.org", tls: { ca: null, serverName: null }, secret: keptSecret },
  ],
  LogSender: () => [
    { name: "switches", protocols: ["syslog"], networks: ["192.0.2.0/24"], maximumLinesPerSecond: 2_000 },
    { name: "old fluentd", protocols: ["forward"], username: "fluentd", password: keptSecret, secret: keptSecret },
  ],
  LogForward: () => [
    {
      name: "security archive",
      query: "severity>=warning",
      target: { type: "syslog", transport: "tls", host: "archive.example.org", port: 6514 },
    },
  ],
  MetricsPush: () => [{ name: "branch offices", selector: { groups: ["branch"] }, intervalSeconds: 30 }],
  RemoteWrite: () => [
    {
      name: "long term",
      url: "https://metrics.example.org/api/v1/write",
      token: keptSecret,
      externalLabels: { site: "north" },
    },
  ],
  SnmpCredential: () => [
    {
      name: "switches",
      selector: { labels: { device: "switch" } },
      version: "3",
      username: "monitor",
      authProtocol: "SHA-256",
      authPassword: keptSecret,
      privProtocol: "AES",
      privPassword: keptSecret,
    },
    { name: "old printers", selector: { labels: { device: "printer" } }, version: "1", community: keptSecret },
  ],
  TrapRule: () => [
    {
      name: "link down",
      selector: { labels: { device: "switch" } },
      trapOid: "1.3.6.1.6.3.1.1.5.3",
      conditions: [{ oid: "1.3.6.1.2.1.2.2.1.7", equals: "1" }],
      state: "CRITICAL",
      serviceName: "link $(1.3.6.1.2.1.2.2.1.1)",
      output: "link of interface $1 is down",
    },
    {
      name: "link up",
      selector: { labels: { device: "switch" } },
      trapOid: "1.3.6.1.6.3.1.1.5.4",
      state: "OK",
      serviceName: "link $(1.3.6.1.2.1.2.2.1.1)",
      output: "link of interface $1 is up",
    },
  ],
  TsigKey: () => [
    { name: "transfer.example.org", secret: keptSecret },
    { name: "acme.example.org", algorithm: "hmac-sha512", secret: keptSecret },
  ],
  DnsView: () => [{ name: "inside", order: 10, clients: [{ prefixes: ["10.0.0.0/8", "192.168.0.0/16"] }] }],
  DnsRegistration: () => [
    {
      name: "machines inside",
      selector: { hosts: ["!*-test"] },
      zone: "example.org",
      prefixes: ["10.0.0.0/8", "fd00::/8"],
      exceptPrefixes: ["10.0.3.0/24"],
      roles: [{ selector: { groups: ["web"] }, service: "_http", port: 80 }],
      healthService: "http",
    },
  ],
  NameServerSettings: () => [
    {
      name: "default",
      nsid: "ns1",
      rateLimit: { responsesPerSecond: 20, nameErrorsPerSecond: 10, errorsPerSecond: 5, slip: 2, exempt: [] },
      queryLogOneIn: 100,
      defaultNameServers: ["ns1.example.org.", "ns2.example.org."],
    },
  ],
};

/** The made-up definitions of a kind, under the name of its resource. */
export function createStoredDefinitions(nowMs: number): Record<string, FakeRecord[]> {
  const times = { createdAtMs: nowMs - 30 * day, updatedAtMs: nowMs - 3 * day };
  const kinds: MonitoringKind[] = [
    "TimePeriod",
    "Dependency",
    "HostGroup",
    "ServiceGroup",
    "ContactGroup",
    "OnCallSchedule",
    "RecurringDowntime",
    "EventHandler",
    "Forward",
    "Template",
    "LogSource",
    "LogDestination",
    "LogSender",
    "LogForward",
    "MetricsPush",
    "RemoteWrite",
    "SnmpCredential",
    "TrapRule",
    "TsigKey",
    "DnsView",
    "DnsRegistration",
    "NameServerSettings",
  ];
  return Object.fromEntries(
    kinds.map((kind) => {
      const { path, input } = storedKinds[kind];
      return [path, inputs[kind](nowMs).map((each, index) => ({ ...input.parse(each), id: index + 1, ...times }))];
    }),
  );
}
