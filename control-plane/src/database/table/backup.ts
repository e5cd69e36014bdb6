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
}

/** The first entries that a run could not read. */
export interface BackupRunErrorTable {
  run_id: number;
  position: number;
  item: string;
  during: string;
  message: string;
}
