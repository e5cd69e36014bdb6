import type { Rrset, RrsetInput, RrsetRecord, RrsetWish } from "@mycloud/protocol/dns-zone";

/** A record as its row has it while somebody types: numbers are text, a service is `HOST/SERVICE`. Empty: none. */
export interface RecordDraft {
  readonly data: string;
  readonly weight: string;
  readonly tier: string;
  readonly service: string;
}

/** An RRset while somebody edits it. */
export interface RrsetFields {
  readonly name: string;
  readonly type: string;
  /** Seconds; empty: the zone's default. */
  readonly ttl: string;
  readonly records: readonly RecordDraft[];
  readonly minimumAnswers: string;
  readonly answers: string;
  readonly comment: string;
  readonly owner: string;
}

/** What somebody wants of an RRset and has not applied: other content, or that it goes. `original`: what was there. */
export interface PendingChange {
  readonly original: Rrset | null;
  readonly fields: RrsetFields | null;
}

export const emptyRecord: RecordDraft = { data: "", weight: "", tier: "", service: "" };

/** A new RRset's fields. */
export const freshFields: RrsetFields = {
  ...{ name: "", type: "A", ttl: "", records: [emptyRecord], minimumAnswers: "1", answers: "" },
  ...{ comment: "", owner: "" },
};

export function fieldsOf(rrset: Rrset): RrsetFields {
  return {
    name: rrset.name,
    type: rrset.type,
    ttl: rrset.ttlSeconds === null ? "" : String(rrset.ttlSeconds),
    records: rrset.records.map(({ data, weight, tier, service }) => ({
      data,
      weight: weight === undefined ? "" : String(weight),
      tier: tier === undefined ? "" : String(tier),
      service: service === undefined ? "" : `${service.host}/${service.service}`,
    })),
    minimumAnswers: String(rrset.minimumAnswers),
    answers: rrset.answers === null ? "" : String(rrset.answers),
    comment: rrset.comment,
    owner: rrset.owner,
  };
}

/** What is wrong with fields before anybody is asked: which field, and why. The server says the rest. */
export type DraftFault = Readonly<Partial<Record<"name" | "ttl" | "minimumAnswers" | "answers" | "records", string>>>;

const number = /^\d+$/;

/** The RRset that fields stand for, or what keeps them from it. A name or service may have a slash in it: the host ends at the first. */
export function readFields(fields: RrsetFields): { readonly rrset: RrsetInput } | { readonly faults: DraftFault } {
  const faults: Record<string, string> = {};
  const read = (field: "ttl" | "minimumAnswers" | "answers", what: string): number | null => {
    const text = fields[field].trim();
    if (text === "") return null;
    if (!number.test(text)) faults[field] = `${what} is "${text}"; expected a whole number`;
    return Number(text);
  };
  if (fields.name.trim() === "") faults.name = "a name is needed; @ is the zone's own";
  const ttlSeconds = read("ttl", "TTL");
  const minimumAnswers = read("minimumAnswers", "minimum answers") ?? 1;
  const answers = read("answers", "answers");
  const records: RrsetRecord[] = [];
  for (const draft of fields.records) {
    if (draft.data.trim() === "") continue;
    const record = readRecord(draft);
    if (typeof record === "string") faults.records ??= record;
    else records.push(record);
  }
  if (records.length === 0) faults.records ??= "at least one record is needed";
  if (Object.keys(faults).length > 0) return { faults };
  return {
    rrset: {
      ...{ name: fields.name.trim(), type: fields.type, ttlSeconds, records, minimumAnswers, answers },
      ...{ comment: fields.comment.trim(), owner: fields.owner.trim() },
    },
  };
}

function readRecord({ data, weight, tier, service }: RecordDraft): RrsetRecord | string {
  for (const [what, text] of [
    ["weight", weight],
    ["tier", tier],
  ] as const) {
    if (text.trim() !== "" && !number.test(text.trim())) return `${what} is "${text}"; expected a whole number`;
  }
  const slash = service.indexOf("/");
  if (service.trim() !== "" && (slash < 1 || slash === service.length - 1)) {
    return `service is "${service}"; expected HOST/SERVICE`;
  }
  return {
    data: data.trim(),
    ...(weight.trim() === "" ? {} : { weight: Number(weight) }),
    ...(tier.trim() === "" ? {} : { tier: Number(tier) }),
    ...(service.trim() === ""
      ? {}
      : { service: { host: service.slice(0, slash).trim(), service: service.slice(slash + 1).trim() } }),
  };
}

/** By what a pending change is found again: an RRset that is there by its id, a new one by a number below 0. */
export type PendingChanges = ReadonlyMap<number, PendingChange>;

/** What is asked of the server for all pending changes; those whose fields cannot be read are left out. Renaming is a deletion and a new RRset. */
export function wishesOf(changes: PendingChanges): RrsetWish[] {
  const deletions: RrsetWish[] = [];
  const settings: RrsetWish[] = [];
  for (const { original, fields } of changes.values()) {
    const read = fields === null ? null : readFields(fields);
    if (read !== null && "faults" in read) continue;
    const isMoved =
      original !== null && (read === null || read.rrset.name !== original.name || read.rrset.type !== original.type);
    if (original !== null && isMoved) {
      const { name, type, revision } = original;
      deletions.push({ action: "delete", name, type, expectedRevision: revision });
    }
    if (read === null) continue;
    const expected = original === null || isMoved ? null : original.revision;
    settings.push({ action: "set", rrset: read.rrset, expectedRevision: expected });
  }
  return [...deletions, ...settings];
}
