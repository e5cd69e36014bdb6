// Checks, and the services they make.
import type { Generated } from "kysely";

export interface CheckDefinitionTable {
  id: Generated<number>;
  name: string;
  service_name: string | null;
  command: string;
  arguments_json: string;
  selector_json: string;
  check_interval_seconds: number;
  retry_interval_seconds: number;
  max_check_attempts: number;
  timeout_seconds: number;
  is_flap_detection_enabled: number;
  low_flap_percent: number;
  high_flap_percent: number;
  is_enabled: number;
  notes: string;
  target: Generated<string>;
  /** MonitoredSettings of its services. */
  settings_json: Generated<string>;
  created_at_ms: number;
  updated_at_ms: number;
}

/** `check_id` null = passive; then max_check_attempts, freshness_seconds and notes are its own, else the check's apply. */
export interface ServiceTable {
  id: Generated<number>;
  host_id: number;
  name: string;
  check_id: number | null;
  max_check_attempts: number;
  freshness_seconds: number | null;
  notes: string;
  /** MonitoredSettings of a passive one; null where the check's apply. */
  settings_json: Generated<string | null>;
  /** Which part of the program made it, and takes it away again; null for what people defined. */
  managed_by: Generated<string | null>;
  created_at_ms: number;
  updated_at_ms: number;
}
