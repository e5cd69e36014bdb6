import type { ZoneSettings } from "@mycloud/protocol/dns-zone";

/** A zone's SOA record as the feed has it: `example.org. 3600 IN SOA ns1.example.org. hostmaster.example.org. 1 2 3 4 5`. Names are absolute. */
export function soaLine(
  zone: string,
  { authority, defaultTtlSeconds }: Pick<ZoneSettings, "authority" | "defaultTtlSeconds">,
  serial: number,
): string {
  const { primaryNameServer, hostmaster, refreshSeconds, retrySeconds, expireSeconds, minimumSeconds, ttlSeconds } =
    authority;
  const names = `${primaryNameServer ?? zone} ${hostmaster ?? zone}`;
  const times = `${refreshSeconds} ${retrySeconds} ${expireSeconds} ${minimumSeconds}`;
  return `${zone} ${ttlSeconds ?? defaultTtlSeconds} IN SOA ${names} ${serial} ${times}`;
}

/** An RRset that is published, with what its records need to be lines. */
export interface PublishedRrset {
  /** Absolute. */
  readonly owner: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly data: readonly string[];
}

/** An RRset's records as lines. */
export function recordLines({ owner, type, ttlSeconds, data }: PublishedRrset): string[] {
  return data.map((each) => `${owner} ${ttlSeconds} IN ${type} ${each}`);
}
