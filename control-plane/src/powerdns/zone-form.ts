import { soaLine } from "../dns-publish/index.ts";
import type { StoredRrset } from "../dns-zone/rrset-values.ts";
import { absoluteTextOf } from "../dns-zone/zone-name.ts";
import type { StoredZone } from "../dns-zone/zone-store.ts";

/** What a zone is called in paths: what is no letter, digit, dot, hyphen or underscore is `=` and its code, as PowerDNS has it. */
export function idOfZone(name: string): string {
  return name.replace(
    /[^A-Za-z0-9._-]/g,
    (character) => `=${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
  );
}

/** The name behind an id, which may come without the dot at its end. */
export function nameOfId(id: string): string {
  return id.replace(/=([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** A zone as PowerDNS's API shows it, without records. */
export function zoneForm({ name, kind, serial, settings }: StoredZone): object {
  const id = idOfZone(name);
  const isNotifying = settings.notify.length > 0;
  return {
    id,
    name,
    type: "Zone",
    url: `/api/v1/servers/localhost/zones/${id}`,
    kind: kind === "secondary" ? "Slave" : isNotifying ? "Master" : "Native",
    serial,
    edited_serial: serial,
    notified_serial: serial,
    last_check: 0,
    masters: settings.primaries.map(({ address, port }) => (port === 53 ? address : `${address}:${port}`)),
    account: settings.customer ?? "",
    dnssec: false,
    nsec3param: "",
    nsec3narrow: false,
    presigned: false,
    soa_edit: "",
    soa_edit_api: "DEFAULT",
    api_rectify: false,
    catalog: "",
  };
}

/** An RRset as PowerDNS's API shows it: all that is defined. */
export function rrsetForm(zone: StoredZone, rrset: StoredRrset): object {
  const { comment, owner, changedAtMs, records, ttlSeconds, name, type } = rrset;
  const comments = [{ content: comment, account: owner, modified_at: Math.floor(changedAtMs / 1000) }];
  return {
    name: absoluteTextOf(name, zone.name),
    type,
    ttl: ttlSeconds ?? zone.settings.defaultTtlSeconds,
    records: records.map(({ data }) => ({ content: data, disabled: false })),
    comments: comment === "" && owner === "" ? [] : comments,
  };
}

/** The SOA record as an RRset. */
export function soaForm(zone: StoredZone): object {
  const [name, ttl, , type, ...data] = soaLine(zone.name, zone.settings, zone.serial).split(" ");
  return { name, type, ttl: Number(ttl), records: [{ content: data.join(" "), disabled: false }], comments: [] };
}
