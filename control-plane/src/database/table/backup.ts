import type { Generated } from "kysely";

/** The repository of a host and a policy. It outlives both: what is in it can still be restored. */
export interface BackupRepositoryTable {
  id: Generated<number>;
  host_id: number | null;
  host_name: string;
  customer: string | null;
  /** The `definition` of its BackupPolicy. */
  policy_id: number | null;
  policy_name: string;
  storage_name: string;
  path: string;
  key_mode: string;
  /** Of a managed one, once its first run began. */
  sealed_password: string | null;
  /** Since when the policy backs the host up; null while it does not. */
  assigned_at_ms: number | null;
  rpo_seconds: number | null;
  rto_seconds: number | null;
  freshness_service_id: number | null;
  run_service_id: number | null;
  /** The instant that the newest good snapshot shows. */
  last_snapshot_at_ms: number | null;
  last_snapshot_id: string | null;
  /** The newest run that has ended. */
  last_run_id: number | null;
  created_at_ms: number;
  /** When retention is applied next; null: a day after the policy began to hold. */
  maintenance_due_at_ms: Generated<number | null>;
  /** Since when nothing is forgotten or pruned, as a change looked like an attack. */
  frozen_at_ms: Generated<number | null>;
  frozen_reason: Generated<string | null>;
  frozen_run_id: Generated<number | null>;
  /** `place` or `remove`: what is to be done about the holds of a freeze. */
  hold_work: Generated<string | null>;
  change_service_id: Generated<number | null>;
  drill_service_id: Generated<number | null>;
  verify_service_id: Generated<number | null>;
  quota_service_id: Generated<number | null>;
  /** By the storage server's word of `seen_at_ms`. `quota_bytes` 0 is none. */
  used_bytes: Generated<number | null>;
  quota_bytes: Generated<number | null>;
  seen_at_ms: Generated<number | null>;
  /** When the storage server had last read all of it. */
  scrubbed_at_ms: Generated<number | null>;
  /** DamagedObject[]; null: nothing is known to be damaged. */
  damaged_json: Generated<string | null>;
  /** 1: what damaged objects hit is to be found out. */
  examine_due: Generated<number | null>;
  drill_asked_at_ms: Generated<number | null>;
  /** When the newest drill ended, and its BackupDrill. */
  drilled_at_ms: Generated<number | null>;
  drill_json: Generated<string | null>;
  /** Which mails were sent of what holds at present: kind to instant. */
  mailed_json: Generated<string | null>;
  /** Of the last 30 days, 0 to 1; and how fast the error budget went in the last day. */
  within_rpo_share: Generated<number | null>;
  burn_rate: Generated<number | null>;
  /** 1: its host has it paused, by the word of the agent. */
  is_paused: Generated<number | null>;
}

/** What was done to a repository besides backing up into it. */
export interface BackupMaintenanceRunTable {
  id: Generated<number>;
  repository_id: number;
  kind: string;
  phase: string;
  started_at_ms: number;
  finished_at_ms: number | null;
  figures_json: string;
  message: string | null;
}

/** What a storage server last said of itself. `trend_json`: [instant, free bytes] once a while, oldest first. */
export interface StorageStatusTable {
  storage_name: string;
  asked_at_ms: number;
  answered_at_ms: number | null;
  fault: string | null;
  status_json: string | null;
  trend_json: string;
  host_id: number | null;
  service_id: number | null;
}

/** `uuid` is the agent's; `heard_at_ms` is when the agent last said something of it. */
export interface BackupRunTable {
  id: Generated<number>;
  uuid: string;
  repository_id: number;
  host_id: number | null;
  begun_by: string;
  phase: string;
  started_at_ms: number;
  finished_at_ms: number | null;
  heard_at_ms: number;
  snapshots_json: string;
  figures_json: string;
  unreadable_count: number;
  message: string | null;
  agent_version: string;
  /** ShownProgress, while it runs. */
  progress_json: string | null;
  /** ChangeShape of its snapshot of paths; null where there is nothing to compare with. */
  change_json: Generated<string | null>;
  /** BackupDrill that it made. */
  drill_json: Generated<string | null>;
}

/** The first entries that a run could not read. */
export interface BackupRunErrorTable {
  run_id: number;
  position: number;
  item: string;
  during: string;
  message: string;
}

/** What people wrote to a snapshot; unique by repository and snapshot. */
export interface SnapshotNoteTable {
  id: Generated<number>;
  repository_id: number;
  snapshot_id: string;
  note: string;
  /** Array of strings. */
  labels_json: string;
  changed_at_ms: number;
  changed_by_name: string;
}

/** A checkout, rollback or restore; `command_id` is the agent_command that asked for it, `heard_at_ms` when the agent last said something of it. */
export interface RestoreRunTable {
  id: Generated<number>;
  uuid: string;
  repository_id: number;
  host_id: number | null;
  command_id: number | null;
  requested_by_name: string;
  /** RestoreRequest. */
  request_json: string;
  phase: string;
  /** It ended because nothing was heard of it: the agent's own word counts should it come. */
  is_given_up: number;
  /** RestorePlan, the first one told. */
  plan_json: string | null;
  safety_snapshot_id: string | null;
  /** What is counted, as far as it is. */
  figures_json: string;
  errors_json: string;
  message: string | null;
  created_at_ms: number;
  started_at_ms: number | null;
  finished_at_ms: number | null;
  heard_at_ms: number;
}
