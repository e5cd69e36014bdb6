import { createHash } from "node:crypto";
import {
  type DomainName,
  formatName,
  formatRelativeName,
  isAtOrBelow,
  labelsOf,
  lowerName,
  NameError,
  parseName,
} from "@mycloud/dns/name";
import { InputError } from "../error/index.ts";

/** A zone's name in both forms. */
export interface ZoneName {
  /** In lower case. */
  readonly apex: DomainName;
  /** Absolute, in lower case. */
  readonly text: string;
}

/** Longer than any name that means something; those of mostly escaped octets are not taken as zones. */
const maximumZoneCharacters = 255;

/** Reads a zone's name as people write it, with or without the dot at its end. Throws InputError. */
export function parseZoneName(text: string, field = "name"): ZoneName {
  const apex = lowerName(parseOrRefuse(text, field));
  const absolute = formatName(apex);
  if (absolute.length > maximumZoneCharacters) {
    throw refuse(field, text, `is longer than ${maximumZoneCharacters} characters`);
  }
  return { apex, text: absolute };
}

/** A zone's name as it is stored. */
export function zoneNameOf(text: string): ZoneName {
  return { apex: parseName(text), text };
}

/** Reads an owner name: relative to the zone unless it has a dot at its end. Throws InputError, also for names outside of it. */
export function parseOwnerName(text: string, { apex, text: zone }: ZoneName, field: string): DomainName {
  const name = text === "@" ? apex : parseOrRefuse(text, field, apex);
  if (!isAtOrBelow(name, apex)) throw refuse(field, text, `is not in the zone ${zone}`);
  return name;
}

/** As an absolute name where there is no zone to be relative to. Throws InputError. */
export function parseOrRefuse(text: string, field: string, origin?: DomainName): DomainName {
  try {
    return parseName(text, origin);
  } catch (error) {
    if (error instanceof NameError) throw refuse(field, text, error.message);
    throw error;
  }
}

export function relativeTextOf(name: DomainName, { apex }: ZoneName): string {
  return formatRelativeName(name, apex);
}

/** `www` of example.org. is www.example.org. */
export function absoluteTextOf(relative: string, zone: string): string {
  if (relative === "@") return zone;
  return zone === "." ? `${relative}.` : `${relative}.${zone}`;
}

/** What keys are in the index: 255 characters. */
const maximumKeyCharacters = 255;

/**
 * What an owner name is stored and sorted by: its labels below the zone's, from the right, in lower case, with spaces between them, so that what is below
 * a name begins with its key and a space. One too long for an index is a digest, which sorts before all others and is below nothing. Pure.
 */
export function nameKeyOf(name: DomainName, { apex }: ZoneName): string {
  const labels = labelsOf(lowerName(name));
  const own = labels.slice(0, labels.length - labelsOf(apex).length);
  const key = own
    .map((label) => formatName(`${String.fromCharCode(label.length)}${label}\0` as DomainName).slice(0, -1))
    .toReversed()
    .join(" ");
  return key.length <= maximumKeyCharacters ? key : `"${createHash("sha256").update(key).digest("hex")}`;
}

/** The keys that are below a key, without it: from the first to before the second. Pure. */
export function keysBelow(key: string): readonly [from: string, before: string] {
  // A space comes right before "!", the first character that a label can begin with; what is below the apex is everything but it.
  return key === "" ? ["!", "\u{10ffff}"] : [`${key} `, `${key}!`];
}

function refuse(field: string, value: string, message: string): InputError {
  const sentence =
    message.startsWith('"') || message.startsWith("the name") ? message : `${JSON.stringify(value)} ${message}`;
  return new InputError(`${field}: ${sentence}`, [{ field, value, message }]);
}
