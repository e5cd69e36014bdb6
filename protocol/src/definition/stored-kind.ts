import { z } from "zod";
import { BackupPolicyInput } from "../backup-policy/index.ts";
import { DependencyInput } from "../dependency/index.ts";
import { DnsRegistrationInput, DnsViewInput, NameServerSettingsInput, TsigKeyInput } from "../dns-zone/index.ts";
import { RecurringDowntimeInput } from "../downtime/index.ts";
import { EventHandlerInput } from "../event-handler/index.ts";
import { ForwardInput } from "../forward/index.ts";
import { ContactGroupInput, HostGroupInput, ServiceGroupInput } from "../group/index.ts";
import { MetricsPushInput, RemoteWriteInput } from "../host-metrics/index.ts";
import { baseFilter } from "../list/index.ts";
import { LogDestinationInput, LogForwardInput, LogSenderInput, LogSourceInput } from "../log-source/index.ts";
import { OnCallScheduleInput } from "../on-call/index.ts";
import { SnmpCredentialInput, TrapRuleInput } from "../snmp/index.ts";
import { StorageServerInput } from "../storage-server/index.ts";
import { TimePeriodInput } from "../time-period/index.ts";
import { TemplateInput } from "./template.ts";

/**
 * Kinds of definitions that are a name and a specification and nothing else: one table, one store, one set of routes serves them all. The key is
 * the kind as files name it; `path` is its place under /api/v1 and its name in the console; `title` is how a sentence calls it.
 */
export const storedKinds = {
  TimePeriod: { path: "time-periods", title: "time period", input: TimePeriodInput },
  Dependency: { path: "dependencies", title: "dependency", input: DependencyInput },
  HostGroup: { path: "host-groups", title: "host group", input: HostGroupInput },
  ServiceGroup: { path: "service-groups", title: "service group", input: ServiceGroupInput },
  ContactGroup: { path: "contact-groups", title: "contact group", input: ContactGroupInput },
  OnCallSchedule: { path: "on-call-schedules", title: "on-call schedule", input: OnCallScheduleInput },
  RecurringDowntime: { path: "recurring-downtimes", title: "recurring downtime", input: RecurringDowntimeInput },
  EventHandler: { path: "event-handlers", title: "event handler", input: EventHandlerInput },
  Forward: { path: "forwards", title: "forward", input: ForwardInput },
  Template: { path: "templates", title: "template", input: TemplateInput },
  StorageServer: { path: "storage-servers", title: "storage server", input: StorageServerInput },
  BackupPolicy: { path: "backup-policies", title: "backup policy", input: BackupPolicyInput },
  LogSource: { path: "log-sources", title: "log source", input: LogSourceInput },
  LogDestination: { path: "log-destinations", title: "log destination", input: LogDestinationInput },
  LogSender: { path: "log-senders", title: "log sender", input: LogSenderInput },
  LogForward: { path: "log-forwards", title: "log forward", input: LogForwardInput },
  MetricsPush: { path: "metrics-pushes", title: "metrics push", input: MetricsPushInput },
  RemoteWrite: { path: "remote-writes", title: "remote write", input: RemoteWriteInput },
  SnmpCredential: { path: "snmp-credentials", title: "SNMP credential", input: SnmpCredentialInput },
  TrapRule: { path: "trap-rules", title: "trap rule", input: TrapRuleInput },
  TsigKey: { path: "tsig-keys", title: "TSIG key", input: TsigKeyInput },
  DnsRegistration: { path: "dns-registrations", title: "DNS registration", input: DnsRegistrationInput },
  DnsView: { path: "dns-views", title: "DNS view", input: DnsViewInput },
  NameServerSettings: {
    path: "name-server-settings",
    title: "settings of name servers",
    input: NameServerSettingsInput,
  },
} as const;
export type StoredKind = keyof typeof storedKinds;
export type StoredInput<Kind extends StoredKind> = z.infer<(typeof storedKinds)[Kind]["input"]>;

/** What the API answers for one definition of such a kind. */
export const storedFields = {
  id: z.number().int(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
};
export type Stored<Kind extends StoredKind> = StoredInput<Kind> & {
  readonly id: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** `filter` of GET /api/v1/<path>. */
export const StoredFilter = z.strictObject({ ...baseFilter, name: z.string().optional() });
export type StoredFilter = z.infer<typeof StoredFilter>;
