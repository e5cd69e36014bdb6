import { AccessList } from "@mycloud/dns/access";
import { type Lookup, lookUp, type SectionRrset } from "@mycloud/dns/lookup";
import { type DomainName, formatName, isAtOrBelow, lowerName, parentOf, rootName } from "@mycloud/dns/name";
import { formatRecordData, formatRecordType, parseRecordType } from "@mycloud/dns/record";
import { addressOctets } from "@mycloud/dns/server";
import type { QueryExplanation, QueryExplanationQuery, RecordHealth } from "@mycloud/protocol/dns-zone";
import type { Executor } from "../database/dialect/dialect.ts";
import { findServices, listHealthChanges, returnsAtMs, serviceKey } from "../dns-health/index.ts";
import { publishedTtl } from "../dns-publish/index.ts";
import { loadNeighbourhood, type Replacement } from "../dns-zone/neighbourhood.ts";
import { findBoundRrsets } from "../dns-zone/rrset-store.ts";
import type { StoredRrset } from "../dns-zone/rrset-values.ts";
import { absoluteTextOf, parseOrRefuse, zoneNameOf } from "../dns-zone/zone-name.ts";
import { findZone, type StoredZone } from "../dns-zone/zone-store.ts";
import { InputError } from "../error/index.ts";
import type { Scope } from "../scope/index.ts";

/** What decides besides zones. */
export interface ExplanationSources {
  readonly executor: Executor;
  readonly scope: Scope;
  readonly findViews: () => Promise<readonly { readonly name: string; readonly clients: readonly AccessRules[] }[]>;
  readonly nowMs: number;
}

type AccessRules = ConstructorParameters<typeof AccessList>[0][number];

const shownChanges = 20;

/** What name servers answer to a question and why, worked out of what is published. Throws InputError. */
export async function explainQuery(
  sources: ExplanationSources,
  { name: nameText, type: typeText, from }: QueryExplanationQuery,
): Promise<QueryExplanation> {
  const { executor } = sources;
  const name = parseOrRefuse(nameText, "name");
  const type = parseRecordType(typeText);
  if (type === undefined) {
    const message = `is "${typeText}"; expected a type of records, such as A or TYPE65280`;
    throw new InputError(`type ${message}`, [{ field: "type", message }]);
  }
  const steps: string[] = [];
  const view = await findView(sources, from, steps);
  const zone = await nearestZone(sources, name, view);
  const asked = { name: formatName(name), type: typeText, from, view };
  if (zone === null) {
    steps.push(
      `no zone ${view === null ? "" : "of that view, or of none, "}is at or above ${asked.name}: it is refused`,
    );
    return { ...asked, ...nothing, steps };
  }
  const zoneText = zone.view === null ? zone.name : `${zone.name} in the view ${zone.view}`;
  steps.push(`${zoneText} is the nearest zone at or above ${asked.name}`);
  const shared = { ...asked, zone: zone.name };
  if (zone.kind === "secondary") {
    steps.push(
      "it is a secondary zone: name servers fetch its records from its primaries, and they are not known here",
    );
    return { ...shared, ...nothing, resultCode: "unknown", steps };
  }
  const bound = (await findBoundRrsets(executor, zone.id)).map(({ rrset }) => rrset);
  const frame = { ...zoneNameOf(zone.name), ...zone };
  const published = bound.map((rrset) => replacementOf(rrset, zone));
  const lookup = await lookUpPublished(executor, frame, published, { name, type });
  steps.push(...stepsOf(lookup, asked));
  const concerned = bound.filter((rrset) => isConcerned(rrset, zone, lookup, name));
  const health = await healthOf(executor, zone, concerned, sources.nowMs);
  steps.push(...concerned.map((rrset) => healthStep(rrset, zone)));
  const changes: { atMs: number; text: string }[] = [];
  for (const { name: owner, type: ofType } of concerned) {
    const place = { zoneId: zone.id, owner: absoluteTextOf(owner, zone.name), type: ofType };
    for (const { data, isPublished, serial, atMs, host, service } of await listHealthChanges(
      executor,
      place,
      shownChanges,
    )) {
      const what = isPublished ? "is answered again" : "is not answered any more";
      changes.push({ atMs, text: `${data} ${what} (serial ${serial}), by ${service} on ${host}` });
    }
  }
  return {
    ...shared,
    serial: zone.serial,
    resultCode: resultCodeNames[lookup.rcode] ?? String(lookup.rcode),
    isAuthoritative: lookup.isAuthoritative,
    ...{ answer: textOf(lookup.answer), authority: textOf(lookup.authority), additional: textOf(lookup.additional) },
    ...{ steps, health, changes: changes.toSorted((a, b) => b.atMs - a.atMs).slice(0, shownChanges) },
  };
}

const nothing = {
  ...{ zone: null, serial: null, resultCode: "REFUSED", isAuthoritative: false },
  ...{ answer: [], authority: [], additional: [], health: [], changes: [] },
} satisfies Partial<QueryExplanation>;

const resultCodeNames: Readonly<Record<number, string>> = {
  0: "NOERROR",
  2: "SERVFAIL",
  3: "NXDOMAIN",
  5: "REFUSED",
  6: "YXDOMAIN",
};

/** The view that a client without a signature belongs to; its name, or null. */
async function findView({ findViews }: ExplanationSources, from: string, steps: string[]): Promise<string | null> {
  const views = await findViews();
  const octets = addressOctets(from);
  const view = views.find(({ clients }) => new AccessList(clients).allows(octets, undefined));
  if (views.length === 0) steps.push("there are no views: everybody is answered from the same zones");
  else if (view === undefined)
    steps.push(`${from} is in none of the ${views.length} views: the zones without one answer`);
  else steps.push(`${from} is in the view ${view.name}`);
  return view?.name ?? null;
}

/** In a view its own zones come first, name by name; then those without a view. */
async function nearestZone(
  { executor, scope }: ExplanationSources,
  name: DomainName,
  view: string | null,
): Promise<StoredZone | null> {
  for (let at = lowerName(name); ; at = parentOf(at)) {
    const text = formatName(at);
    const own = view === null ? null : await findZone(executor, scope, { name: text, view });
    const found = own ?? (await findZone(executor, scope, { name: text, view: null }));
    if (found !== null) return found;
    if (at === rootName) return null;
  }
}

/** Looks a name up in as much of a zone as that takes. An alias that a wildcard or a DNAME made leads to names that were not read yet. */
async function lookUpPublished(
  executor: Executor,
  frame: Parameters<typeof loadNeighbourhood>[1],
  published: readonly Replacement[],
  { name, type }: { readonly name: DomainName; readonly type: number },
): Promise<Lookup> {
  const names = new Set<DomainName>([name]);
  for (;;) {
    const zone = await loadNeighbourhood(executor, frame, [...names], published);
    const set = { get: (apex: DomainName) => (apex === zone.apex ? zone : undefined) };
    const lookup = lookUp(set, { name, type, wantsDnssec: false });
    const known = names.size;
    for (const { rrset } of lookup.answer) {
      if (formatRecordType(rrset.type) === "CNAME") names.add(lowerName((rrset.rdatas[0] ?? "") as DomainName));
    }
    for (const each of names) if (!isAtOrBelow(each, frame.apex)) names.delete(each);
    if (names.size <= known) return lookup;
  }
}

/** A bound RRset as it is published. */
function replacementOf(rrset: StoredRrset, { settings }: StoredZone): Replacement {
  const { nameKey, name, type, published, ttlSeconds, records } = rrset;
  const left = published === null ? records : records.filter(({ data }) => published.includes(data));
  const ttl = publishedTtl(ttlSeconds ?? settings.defaultTtlSeconds, records);
  return { nameKey, name, type, values: { ...rrset, records: left, ttlSeconds: ttl } };
}

function stepsOf(
  { kind, wildcard, answer, authority }: Lookup,
  asked: { readonly name: string; readonly type: string },
) {
  const steps: string[] = [];
  const aliases = answer.filter(({ rrset }) => formatRecordType(rrset.type) === "CNAME");
  if (wildcard !== undefined) steps.push(`the name is not there; the wildcard ${formatName(wildcard)} stands for it`);
  for (const { owner, rrset } of aliases) {
    steps.push(`${formatName(owner)} is an alias of ${formatRecordData(rrset.type, rrset.rdatas[0] ?? "")}`);
  }
  const isAnswered = answer.some(({ rrset }) => formatRecordType(rrset.type) === asked.type);
  const last = {
    success: isAnswered
      ? `there are ${asked.type} records`
      : "the alias leads out of the zone: who asks follows it there",
    "no data": `the name is there, and has no ${asked.type} records`,
    "name error": "there is no such name, and no wildcard that stands for it",
    delegation: `what is below ${formatName(authority[0]?.owner ?? rootName)} is delegated: who asks is sent to its name servers`,
    refused: "it is refused",
    "too long": "the DNAME makes a name that is too long",
    unavailable: "its records are not here",
  } as const;
  steps.push(aliases.length > 0 || kind !== "success" ? last[kind] : `${asked.name} has ${asked.type} records`);
  return steps;
}

/** Whether an RRset is part of the answer: at the name asked for, at the end of an alias, or as the wildcard that answered. */
function isConcerned(rrset: StoredRrset, zone: StoredZone, { answer, wildcard }: Lookup, name: DomainName): boolean {
  const { apex } = zoneNameOf(absoluteTextOf(rrset.name, zone.name));
  const names = [name, ...answer.map(({ owner }) => owner), ...(wildcard === undefined ? [] : [wildcard])];
  return names.some((each) => isAtOrBelow(each, apex) && lowerName(each).length === apex.length);
}

function healthStep({ name, type, records, published }: StoredRrset, zone: StoredZone): string {
  const owner = absoluteTextOf(name, zone.name);
  const count = published?.length ?? records.length;
  return `of the ${records.length} ${type} records of ${owner} ${count} ${count === 1 ? "is" : "are"} published, as the health of services has it`;
}

async function healthOf(
  executor: Executor,
  zone: StoredZone,
  rrsets: readonly StoredRrset[],
  nowMs: number,
): Promise<RecordHealth[]> {
  const names = rrsets.flatMap(({ records }) =>
    records.flatMap(({ service }) => (service === undefined ? [] : [service])),
  );
  const services = await findServices(executor, names);
  return rrsets.flatMap(({ name, type, records, published }) =>
    records.map(({ data, service = null, weight, tier }): RecordHealth => {
      const found = service === null ? undefined : services.get(serviceKey(service));
      const isPublished = published?.includes(data) ?? true;
      const isOut = found?.standing?.isOut ?? false;
      const returnsMs = found?.standing === undefined ? null : returnsAtMs(found.standing, found.seen);
      return {
        ...{ name: absoluteTextOf(name, zone.name), type, data, service, isPublished },
        ...{ weight: weight ?? null, tier: tier ?? null, isHard: found?.seen.isHard ?? false },
        state: found === undefined || !found.seen.hasBeenChecked ? null : (stateNames[found.seen.state] ?? "UNKNOWN"),
        reason: reasonOf({
          isNamed: service !== null,
          isThere: found !== undefined,
          isOut,
          isPublished,
          returnsMs,
          nowMs,
        }),
      };
    }),
  );
}

const stateNames = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

function reasonOf(of: {
  readonly isNamed: boolean;
  readonly isThere: boolean;
  readonly isOut: boolean;
  readonly isPublished: boolean;
  readonly returnsMs: number | null;
  readonly nowMs: number;
}): string {
  const { isNamed, isThere, isOut, isPublished, returnsMs, nowMs } = of;
  if (isOut && isPublished) return "its service is not well, but too few others are: all are answered";
  if (isOut && returnsMs !== null) {
    const seconds = Math.max(0, Math.ceil((returnsMs - nowMs) / 1000));
    return `its service is well again, and was not steady: it comes back in ${seconds} s`;
  }
  if (isOut) return "its service is HARD and not OK";
  if (!isPublished) return "a lower tier is well";
  if (!isNamed) return "it follows no service";
  return isThere ? "nothing speaks against its service" : "there is no such service: nothing speaks against it";
}

function textOf(section: readonly SectionRrset[]): string[] {
  return section.flatMap(({ owner, rrset: { type, ttl, rdatas } }) =>
    rdatas.map((rdata) => `${formatName(owner)} ${ttl} IN ${formatRecordType(type)} ${formatRecordData(type, rdata)}`),
  );
}
