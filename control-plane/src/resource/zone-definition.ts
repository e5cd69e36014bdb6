import type { InputIssue } from "@mycloud/protocol/error";
import type { ZoneDefinition } from "@mycloud/protocol/resource";
import { normaliseRrset } from "../dns-zone/normalise-rrset.ts";
import { normaliseSettings } from "../dns-zone/normalise-settings.ts";
import { placeKey, type RrsetValues, valuesOf } from "../dns-zone/rrset-values.ts";
import { parseZoneName, type ZoneName, zoneNameOf } from "../dns-zone/zone-name.ts";
import type { StoredZone } from "../dns-zone/zone-store.ts";
import { InputError } from "../error/index.ts";

/** How files call a zone: without the dot at its end, and with its view behind an @. Pure. */
export function zoneDefinitionName({ name, view }: Pick<StoredZone, "name" | "view">): string {
  const short = name === "." ? name : name.slice(0, -1);
  return view === null ? short : `${short}@${view}`;
}

/** What a definition's name means. Throws InputError. */
export function zoneOfDefinition(name: string): { readonly zone: ZoneName; readonly view: string | null } {
  const at = name.lastIndexOf("@");
  if (at < 0) return { zone: parseZoneName(name), view: null };
  return { zone: parseZoneName(name.slice(0, at)), view: name.slice(at + 1) };
}

/** A zone as it is stored, as a definition. `records`: null when it has more than files hold. Pure. */
export function zoneDefinition(
  zone: Pick<StoredZone, "name" | "view" | "kind" | "settings">,
  records: ZoneDefinition["spec"]["records"],
): ZoneDefinition {
  return { kind: "Zone", name: zoneDefinitionName(zone), spec: { ...zone.settings, kind: zone.kind, records } };
}

/**
 * A zone of a file in the form in which it is stored: names and data in full, so that it can be compared. The primary name server stays open where neither the
 * file nor its NS records say it. Pure.
 */
export function normaliseZoneDefinition(definition: ZoneDefinition): {
  readonly definition: ZoneDefinition;
  readonly issues: readonly InputIssue[];
} {
  try {
    const { zone, view } = zoneOfDefinition(definition.name);
    const { kind, records, ...given } = definition.spec;
    if (kind === "secondary" && records !== null) {
      const message = "is for primary zones; the records of a secondary zone come from its primaries";
      return { definition, issues: [{ field: "spec.records", message }] };
    }
    const rrsets = records?.map((rrset, index) => normaliseRrset(rrset, zone, `spec.records.${index}`)) ?? null;
    const twice = findTwice(rrsets ?? []);
    if (twice !== null) return { definition, issues: [twice] };
    const servers = (rrsets ?? []).flatMap(({ place, values }) =>
      place.nameKey === "" && place.type === "NS" ? values.records.map(({ data }) => data) : [],
    );
    const settings = normaliseSettings(given, zone, kind, servers);
    const isOpen = given.authority.primaryNameServer === null && servers.length === 0;
    const authority = isOpen ? { ...settings.authority, primaryNameServer: null } : settings.authority;
    const listed = rrsets?.map(({ place, values }) => ({ name: place.name, type: place.type, ...values })) ?? null;
    const name = zoneDefinitionName({ name: zone.text, view });
    return { definition: { kind: "Zone", name, spec: { ...settings, authority, kind, records: listed } }, issues: [] };
  } catch (error) {
    if (error instanceof InputError)
      return { definition, issues: error.issues ?? [{ field: "spec", message: error.message }] };
    throw error;
  }
}

function findTwice(rrsets: readonly Pick<ReturnType<typeof normaliseRrset>, "place">[]): InputIssue | null {
  const seen = new Set<string>();
  for (const [index, { place }] of rrsets.entries()) {
    const key = placeKey(place);
    const message = `${place.name} ${place.type} is there twice; write all of its records into one`;
    if (seen.has(key)) return { field: `spec.records.${index}`, message };
    seen.add(key);
  }
  return null;
}

/** A zone's fields as they are compared and shown: each RRset is one, whatever their order. Names are equal in any case of letters. Pure. */
export function comparableZone({ name, spec }: ZoneDefinition): Record<string, unknown> {
  const { records, ...settings } = spec;
  const zone = zoneNameOf(zoneOfDefinition(name).zone.text);
  const rrsets = (records ?? []).map((rrset) => {
    const { place } = normaliseRrset(rrset, zone);
    return [`records ${place.name.toLowerCase()} ${place.type}`, comparableValues(rrset)] as const;
  });
  return { ...settings, ...Object.fromEntries(rrsets) };
}

function comparableValues(rrset: RrsetValues): RrsetValues {
  const values = valuesOf(rrset);
  return { ...values, records: values.records.toSorted((a, b) => (a.data < b.data ? -1 : Number(a.data > b.data))) };
}

/** A zone of a file with what it leaves to what is there: its records, and the primary name server. Pure. */
export function withKeptOf(after: ZoneDefinition, before: ZoneDefinition): ZoneDefinition {
  const { authority, records } = after.spec;
  const primaryNameServer = authority.primaryNameServer ?? before.spec.authority.primaryNameServer;
  const spec = {
    ...after.spec,
    authority: { ...authority, primaryNameServer },
    records: records ?? before.spec.records,
  };
  return { ...after, spec };
}
