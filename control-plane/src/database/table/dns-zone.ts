import type { Generated } from "kysely";

/** Zones; `view_name` is empty where a zone has no view, so that a name is there once. */
export interface DnsZoneTable {
  id: Generated<number>;
  /** Absolute, in lower case. */
  name: string;
  view_name: string;
  kind: string;
  customer: string | null;
  settings_json: string;
  /** Counts what is defined. */
  revision: number;
  /** Counts what is published. */
  serial: number;
  rrset_count: number;
  record_count: number;
  created_at_ms: number;
  changed_at_ms: number;
}

/** RRsets as they are defined; SOA records are the zones' own. */
export interface DnsRrsetTable {
  id: Generated<number>;
  zone_id: number;
  /** Labels from the right (name-key.ts): sorts names as zones have them, and finds what is below one. */
  name_key: string;
  type: string;
  /** Relative to the zone, as it was written. */
  name: string;
  ttl_seconds: number | null;
  records_json: string;
  record_count: number;
  /** The data that is published, where that is not all of it. */
  published_json: string | null;
  /** 1 where records have services, tiers or weights. */
  is_bound: number;
  minimum_answers: number;
  answers: number | null;
  comment: string;
  owner: string;
  source: string;
  revision: number;
  changed_at_ms: number;
}

/** The history of what is defined. */
export interface DnsChangeTable {
  zone_id: number;
  revision: number;
  at_ms: number;
  author: string;
  source: string;
  comment: string;
  serial: number;
  undoes: number | null;
  difference_count: number;
  is_kept: number;
  settings_json: string | null;
}

export interface DnsDifferenceTable {
  zone_id: number;
  revision: number;
  place: number;
  name_key: string;
  name: string;
  type: string;
  before_json: string | null;
  after_json: string | null;
}

/** The last steps of what is published, for incremental transfers. */
export interface DnsStepTable {
  id: Generated<number>;
  zone_id: number;
  from_serial: number;
  to_serial: number;
  record_count: number;
  removed_json: string;
  added_json: string;
  at_ms: number;
}

/** What name servers said of themselves last. */
export interface NameServerTable {
  id: Generated<number>;
  token_id: number;
  name: string;
  seen_at_ms: number;
  status_json: string;
}

/** UPDATE messages that were answered. */
export interface DnsRelayedUpdateTable {
  token_id: number;
  relay_id: string;
  result_code: number;
  reason: string;
  at_ms: number;
}

/** How a service that records name stands. */
export interface DnsStandingTable {
  service_id: number;
  is_out: number;
  changed_at_ms: number;
  leaves: number;
}

/** Records that left what is answered because of their service, or came back. */
export interface DnsHealthChangeTable {
  id: Generated<number>;
  zone_id: number;
  owner: string;
  type: string;
  data: string;
  host_id: number;
  service_id: number | null;
  is_published: number;
  serial: number;
  at_ms: number;
}
