// What the installation is made of and agrees on: definitions, leases, settings.
import type { Generated } from "kysely";

/** Definitions that are a name and a specification: time periods, dependencies, groups, ...; unique by kind and name. */
export interface DefinitionTable {
  id: Generated<number>;
  kind: string;
  name: string;
  /** The kind's input without its name; fields named password, secret or token are sealed. */
  spec_json: string;
  created_at_ms: number;
  updated_at_ms: number;
}

/** A named right that one process holds for a while; see lease.ts. */
export interface LeaseTable {
  name: string;
  holder: string;
  expires_at_ms: number;
}

/** Small facts of the installation: `definition_generation`, `rollup_watermark`, ... */
export interface SettingTable {
  name: string;
  value: string;
}

/** Templates that a host, check or passive service uses (one of the three ids is set), and what of its fields is its own. */
export interface TemplateUseTable {
  id: Generated<number>;
  host_id: number | null;
  check_id: number | null;
  service_id: number | null;
  uses_json: string;
  own_json: string;
}

/** An apply that is carried out slice by slice. Until `phase` is `decided` nothing of it counts. */
export interface ApplyRunTable {
  id: Generated<number>;
  phase: string;
  actor_json: string;
  /** The step that is under way, and how far it is. */
  next_step: number;
  position: number;
  /** Changes carried out, of how many. */
  done: number;
  total: number;
  created_at_ms: number;
}

export interface ApplyStepTable {
  apply_id: number;
  step: number;
  body: string;
}
