import { createHash } from "node:crypto";
import { type DomainName, formatName, lowerName, parseName } from "../name/index.ts";

/** Which zone: its apex and the view it belongs to, which is null where every view without one of its own sees it. */
export interface ZoneId {
  /** In lower case. */
  readonly apex: DomainName;
  readonly view: string | null;
}

/** Reads a zone's name as people write it. Throws NameError. */
export function zoneIdOf(name: string, view: string | null): ZoneId {
  return { apex: lowerName(parseName(name)), view };
}

/** The same for the same zone; a key for maps. */
export function zoneKey({ apex, view }: ZoneId): string {
  return view === null ? apex : `${apex}\0${view}`;
}

/** `example.org.`, and where it has a view `example.org. in inside`. */
export function describeZone({ apex, view }: ZoneId): string {
  return view === null ? formatName(apex) : `${formatName(apex)} in ${view}`;
}

const readableLength = 80;

/** The file a zone is kept in: readable, and different for every zone, whatever octets its name has. */
export function zoneFileName(id: ZoneId): string {
  const readable = describeZone(id)
    .replaceAll(/[^a-z0-9._-]+/gi, "_")
    .replace(/^\.+/, "_")
    .slice(0, readableLength);
  const hash = createHash("sha256").update(zoneKey(id), "latin1").digest("hex").slice(0, 16);
  return `${readable}-${hash}.zone`;
}
