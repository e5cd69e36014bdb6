import type {
  AccountMailTable,
  CustomerTable,
  KnownDeviceTable,
  LoginChallengeTable,
  MailPreferenceTable,
  OneTimeLinkTable,
  RecoveryCodeTable,
} from "./table/account.ts";
import type {
  AgentCommandTable,
  AgentEventTable,
  AgentQuestionTable,
  AgentTable,
  EnrolmentTokenTable,
  ServiceProposalTable,
} from "./table/agent.ts";
import type { AlertTable, SilenceDowntimeTable, SilenceTable } from "./table/alertmanager.ts";
import type {
  BackupMaintenanceRunTable,
  BackupRepositoryTable,
  BackupRunErrorTable,
  BackupRunTable,
  RestoreRunTable,
  SnapshotNoteTable,
  StorageStatusTable,
} from "./table/backup.ts";
import type {
  CheckResultTable,
  PerfdataLabelTable,
  PerfdataRollupTable,
  ReceivedBatchTable,
} from "./table/check-result.ts";
import type {
  DnsChangeTable,
  DnsDifferenceTable,
  DnsHealthChangeTable,
  DnsRelayedUpdateTable,
  DnsRrsetTable,
  DnsStandingTable,
  DnsStepTable,
  DnsZoneTable,
  NameServerTable,
} from "./table/dns-zone.ts";
import type { ForwardItemTable, ForwardStateTable } from "./table/forward.ts";
import type {
  HostAddressTable,
  HostCheckTable,
  HostGroupTable,
  HostLabelTable,
  HostProberTable,
  HostTable,
} from "./table/host.ts";
import type { HostMetricsTable } from "./table/host-metrics.ts";
import type {
  ApplyRunTable,
  ApplyStepTable,
  DefinitionTable,
  LeaseTable,
  SettingTable,
  TemplateUseTable,
} from "./table/installation.ts";
import type {
  CheckRunColumns,
  MonitoredStateTable,
  ProblemLogTable,
  ProblemTable,
  RuntimeOverrideTable,
  ServiceStateColumns,
  StateChangeTable,
} from "./table/monitored-state.ts";
import type {
  ContactTable,
  NotificationBundleTable,
  NotificationRuleContactTable,
  NotificationRuleTable,
  NotificationScheduleTable,
  NotificationTable,
} from "./table/notification.ts";
import type { AcknowledgementTable, CommentTable, DowntimeActivationTable, DowntimeTable } from "./table/operation.ts";
import type { CheckDefinitionTable, ServiceTable } from "./table/service.ts";
import type {
  ApiTokenTable,
  AuditEntryTable,
  LoginThrottleTable,
  LogSearchTable,
  SessionTable,
  UserTable,
} from "./table/user.ts";
import type { HostWatchGapTable, WatchGapTable, WatchOutageTable } from "./table/watch.ts";

/**
 * The tables, as Kysely sees them. Names are singular snake_case, instants are `*_at_ms` integers (UTC), booleans are 0 or 1,
 * `*_json` columns hold JSON text. Identical on SQLite and MariaDB.
 */
export interface Database {
  user: UserTable;
  session: SessionTable;
  api_token: ApiTokenTable;
  login_throttle: LoginThrottleTable;
  audit_entry: AuditEntryTable;
  host: HostTable;
  host_label: HostLabelTable;
  host_address: HostAddressTable;
  host_group: HostGroupTable;
  host_state: MonitoredStateTable & CheckRunColumns & { host_id: number };
  host_check: HostCheckTable;
  host_prober: HostProberTable;
  agent: AgentTable;
  agent_command: AgentCommandTable;
  agent_question: AgentQuestionTable;
  enrolment_token: EnrolmentTokenTable;
  check_definition: CheckDefinitionTable;
  service: ServiceTable;
  service_state: MonitoredStateTable & ServiceStateColumns & { service_id: number };
  check_result: CheckResultTable;
  received_batch: ReceivedBatchTable;
  state_change: StateChangeTable;
  problem: ProblemTable;
  problem_log: ProblemLogTable;
  perfdata_label: PerfdataLabelTable;
  perfdata_rollup: PerfdataRollupTable;
  contact: ContactTable;
  notification_rule: NotificationRuleTable;
  notification_rule_contact: NotificationRuleContactTable;
  forward_item: ForwardItemTable;
  forward_state: ForwardStateTable;
  notification: NotificationTable;
  notification_schedule: NotificationScheduleTable;
  notification_bundle: NotificationBundleTable;
  downtime: DowntimeTable;
  downtime_activation: DowntimeActivationTable;
  acknowledgement: AcknowledgementTable;
  alert: AlertTable;
  silence: SilenceTable;
  silence_downtime: SilenceDowntimeTable;
  comment: CommentTable;
  runtime_override: RuntimeOverrideTable;
  definition: DefinitionTable;
  apply_run: ApplyRunTable;
  apply_step: ApplyStepTable;
  template_use: TemplateUseTable;
  service_proposal: ServiceProposalTable;
  watch_outage: WatchOutageTable;
  host_watch_gap: HostWatchGapTable;
  watch_gap: WatchGapTable;
  agent_event: AgentEventTable;
  backup_repository: BackupRepositoryTable;
  backup_run: BackupRunTable;
  backup_run_error: BackupRunErrorTable;
  restore_run: RestoreRunTable;
  snapshot_note: SnapshotNoteTable;
  backup_maintenance_run: BackupMaintenanceRunTable;
  storage_status: StorageStatusTable;
  lease: LeaseTable;
  setting: SettingTable;
  customer: CustomerTable;
  one_time_link: OneTimeLinkTable;
  account_mail: AccountMailTable;
  recovery_code: RecoveryCodeTable;
  login_challenge: LoginChallengeTable;
  known_device: KnownDeviceTable;
  mail_preference: MailPreferenceTable;
  log_search: LogSearchTable;
  host_metrics: HostMetricsTable;
  dns_zone: DnsZoneTable;
  dns_rrset: DnsRrsetTable;
  dns_change: DnsChangeTable;
  dns_difference: DnsDifferenceTable;
  dns_step: DnsStepTable;
  dns_standing: DnsStandingTable;
  dns_health_change: DnsHealthChangeTable;
  name_server: NameServerTable;
  dns_relayed_update: DnsRelayedUpdateTable;
}

export type * from "./table/account.ts";
export type * from "./table/agent.ts";
export type * from "./table/alertmanager.ts";
export type * from "./table/backup.ts";
export type * from "./table/check-result.ts";
export type * from "./table/dns-zone.ts";
export type * from "./table/forward.ts";
export type * from "./table/host.ts";
export type * from "./table/host-metrics.ts";
export type * from "./table/installation.ts";
export type * from "./table/monitored-state.ts";
export type * from "./table/notification.ts";
export type * from "./table/operation.ts";
export type * from "./table/service.ts";
export type * from "./table/user.ts";
export type * from "./table/watch.ts";
