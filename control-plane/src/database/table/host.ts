// Machines: what an operator said of them and who watches them.
import type { Generated } from "kysely";

export interface HostTable {
  id: Generated<number>;
  name: string;
  display_name: string | null;
  address: string | null;
  /** The labels an operator wrote. Facts an agent reported are in facts_json; an operator's label of the same name wins. */
  labels_json: string;
  facts_json: string;
  groups_json: string;
  customer: string | null;
  notes: string;
  origin: string;
  max_check_attempts: number;
  freshness_seconds: number | null;
  /** HostSettings: how it is watched, its parents and probers. */
  settings_json: Generated<string>;
  created_at_ms: number;
  updated_at_ms: number;
}

/** Effective labels (facts overlaid by the operator's), one row each, for filters. */
export interface HostLabelTable {
  host_id: number;
  label: string;
  value: string;
}

export interface HostGroupTable {
  host_id: number;
  group_name: string;
}

/** The check that tells whether a host is UP; at most one. */
export interface HostCheckTable {
  host_id: number;
  check_id: number;
  /** Since when it does. */
  since_ms: Generated<number>;
}

/** Whose agent runs the checks of a host without one; `prober_host_id` null = nobody can yet. The one before is believed a moment longer. */
export interface HostProberTable {
  host_id: number;
  prober_host_id: number | null;
  previous_host_id: number | null;
  since_ms: number;
}

/** An address that a host's agent tells of it; `gone_at_ms`: since when it does not any more. */
export interface HostAddressTable {
  host_id: number;
  address: string;
  gone_at_ms: number | null;
}
