import type { Place } from "./place.ts";

/** One line of a definition. */
export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** A definition as written: `define TYPE { ... }`. */
export interface WrittenObject {
  readonly type: string;
  readonly place: Place;
  /** In their order; a name may come more than once. */
  readonly directives: readonly Directive[];
}

/** A definition with the values of its templates. */
export interface NagiosObject {
  readonly type: string;
  readonly place: Place;
  /** By name, as nagios calls it (old aliases are renamed), custom variables in upper case. */
  readonly values: ReadonlyMap<string, Directive>;
  /** Lines that may come more than once: days of a time period, Shinken's `service_overrides`. */
  readonly repeated: readonly Directive[];
  /** Names of all templates it has values from, the nearest first. */
  readonly templates: readonly string[];
  /** Names of the templates that it names itself and that exist. */
  readonly uses: readonly string[];
  /** What it says itself, as written: with the `+` and `null` that mean something to what is inherited. */
  readonly own: ReadonlyMap<string, Directive>;
  /** The name under which others may use it. */
  readonly templateName: string | null;
  /** False for a template only (`register 0`). */
  readonly isRegistered: boolean;
}

/** An object that nobody wrote: made of what others imply. Pure. */
export function madeObject(type: string, place: Place, directives: readonly Directive[]): NagiosObject {
  const values = new Map(directives.map((directive) => [directive.name, directive]));
  const nothing = { repeated: [], templates: [], uses: [], own: new Map(), templateName: null };
  return { type, place, values, ...nothing, isRegistered: true };
}

/** A directive's text, or undefined when nothing is set (or `null`). Pure. */
export function textOf(object: NagiosObject, name: string): string | undefined {
  return object.values.get(name)?.value;
}

/** Where a directive is written, or where the object is. Pure. */
export function placeOf(object: NagiosObject, name: string): Place {
  return object.values.get(name)?.place ?? object.place;
}

/** Entries of a comma separated list, without empty ones. Pure. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}

/** A flag: 1 or 0; `fallback` when nothing is set. Pure. */
export function flagOf(object: NagiosObject, name: string, fallback: boolean): boolean {
  const text = textOf(object, name);
  return text === undefined ? fallback : text !== "0";
}

/** A number, or the fallback when nothing is set or it is none. Pure. */
export function numberOf(object: NagiosObject, name: string, fallback: number): number {
  const text = textOf(object, name)?.trim();
  const number = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : fallback;
}

/** The custom variables (`_NAME value`), without their underscore. Pure. */
export function customVariablesOf(object: NagiosObject): Record<string, string> {
  const found = [...object.values].filter(([name]) => name.startsWith("_"));
  return Object.fromEntries(found.map(([name, { value }]) => [name.slice(1), value]));
}

/** A copy with other values. Pure. */
export function withValues(object: NagiosObject, changed: Readonly<Record<string, string | undefined>>): NagiosObject {
  const values = new Map(object.values);
  for (const [name, value] of Object.entries(changed)) {
    if (value === undefined) values.delete(name);
    else values.set(name, { name, value, place: placeOf(object, name) });
  }
  return { ...object, values };
}
