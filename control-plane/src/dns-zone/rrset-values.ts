import type { RrsetInput, RrsetRecord, RrsetSource } from "@mycloud/protocol/dns-zone";

/** What an RRset says, without where it is: as it is stored, compared and undone. Data in full and in its own form. */
export type RrsetValues = Omit<RrsetInput, "name" | "type">;

/** Where an RRset is. */
export interface RrsetPlace {
  readonly nameKey: string;
  /** Relative to the zone. */
  readonly name: string;
  readonly type: string;
}

/** An RRset as it is stored. */
export interface StoredRrset extends RrsetPlace, RrsetValues {
  readonly id: number;
  /** Data of the records that are published; null: all. */
  readonly published: readonly string[] | null;
  readonly source: RrsetSource;
  readonly revision: number;
  readonly changedAtMs: number;
}

/** What tells RRsets of a zone apart. */
export function placeKey({ nameKey, type }: Pick<RrsetPlace, "nameKey" | "type">): string {
  return `${nameKey} \0${type}`;
}

/** Whether services, tiers or weights decide which of its records are handed out. */
export function isBound({ records }: Pick<RrsetValues, "records">): boolean {
  return records.some(
    ({ service, tier, weight }) => service !== undefined || tier !== undefined || weight !== undefined,
  );
}

/** What is said, in one order of fields, so that equal ones are equal texts. */
export function valuesOf(rrset: RrsetValues): RrsetValues {
  const { ttlSeconds, records, minimumAnswers, answers, comment, owner } = rrset;
  return { ttlSeconds, records: records.map(recordOf), minimumAnswers, answers, comment, owner };
}

function recordOf({ data, weight, tier, service }: RrsetRecord): RrsetRecord {
  return {
    data,
    ...(weight === undefined ? {} : { weight }),
    ...(tier === undefined ? {} : { tier }),
    ...(service === undefined ? {} : { service: { host: service.host, service: service.service } }),
  };
}

/** Whether two say the same; the order of records says nothing. */
export function isSameRrset(a: RrsetValues, b: RrsetValues): boolean {
  return canonical(a) === canonical(b);
}

function canonical(rrset: RrsetValues): string {
  const { records, ...rest } = valuesOf(rrset);
  return JSON.stringify([rest, records.map((record) => JSON.stringify(record)).toSorted()]);
}
