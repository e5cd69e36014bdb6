import type { Directive, NagiosObject } from "@mycloud/checks/nagios-objects";
import { CheckInput } from "@mycloud/protocol/check";
import {
  type Fields,
  inheritedFields,
  isDeepEqual,
  plainFields,
  type TemplateFields,
} from "@mycloud/protocol/definition";
import { HostInput } from "@mycloud/protocol/host";
import { PassiveServiceInput } from "@mycloud/protocol/service";
import type { ImportContext, ImportedResource } from "./context.ts";
import { directiveOfKey, fieldDirectives, type TemplatedKind } from "./field-directives.ts";

/** What an object says itself, and which templates say the rest. */
export interface Templated {
  readonly uses?: readonly string[];
  readonly spec: Fields;
}

/** Gives the fields of a template of one kind, as if it were an object of that kind. */
export type SpecOfTemplate = (name: string, object: NagiosObject) => Fields;

/** Keeps the source's templates of hosts and services. */
export interface TemplateMap {
  /** What `object`, which has all these fields, says itself; the templates it uses are kept. */
  own(kind: TemplatedKind, object: NagiosObject, fields: Fields, specOf: SpecOfTemplate): Templated;
  /** The templates that are used, and a remark for what is not carried by them. */
  resources(): ImportedResource[];
}

const types = { Host: "host", Check: "service", Service: "service" } as const;
const suffixes = { Host: "host", Check: "service", Service: "passive" } as const;
const defaults: Readonly<Record<TemplatedKind, Fields>> = {
  Host: HostInput.parse({ name: "x" }),
  Check: CheckInput.parse({ name: "x", command: "x" }),
  Service: PassiveServiceInput.parse({ hostId: 0, name: "x" }),
};
/** What is never a template's here. */
const alwaysOwn = new Set(["serviceName", "command", "arguments", "selector", "timeoutSeconds"]);
const maps = ["variables", "labels"] as const;

/** Templates are made when the first object uses them, named as in the source unless another kind has the name. */
export function createTemplateMap({ configuration, resourceNames, remarks }: ImportContext): TemplateMap {
  const written = new Map(configuration.templates.map(({ name, object }) => [`${object.type} ${name}`, object]));
  const made = new Map<string, TemplateFields>();
  const names = new Map<string, string>();

  function nameOf(kind: TemplatedKind, name: string, object: NagiosObject): string {
    const key = `${kind} ${name}`;
    const known = names.get(key);
    if (known !== undefined) return known;
    const plain = resourceNames(name, object.place);
    const given = made.has(plain) ? `${plain.slice(0, 118)} ${suffixes[kind]}` : plain;
    names.set(key, given);
    return given;
  }

  /** The template under its name here, with those it uses itself. */
  function make(kind: TemplatedKind, name: string, specOf: SpecOfTemplate): string[] {
    const object = written.get(`${types[kind]} ${name}`);
    if (object === undefined) return [];
    const known = names.get(`${kind} ${name}`);
    if (known !== undefined) return [known];
    const given = nameOf(kind, name, object);
    // It has its name before those it uses look for theirs.
    made.set(given, { for: kind, uses: [], spec: {} });
    const uses = object.uses.flatMap((one) => make(kind, one, specOf));
    made.set(given, {
      for: kind,
      uses,
      spec: saidFields(kind, object, specOf(name, object), plainFields(inheritedFields(kind, uses, made))),
    });
    return [given];
  }

  return {
    own(kind, object, fields, specOf) {
      const uses = [...new Set(object.uses.flatMap((name) => make(kind, name, specOf)))];
      if (uses.length === 0) return { spec: fields };
      return { uses, spec: ownFields(kind, object, fields, inheritedFields(kind, uses, made)) };
    },
    resources() {
      const used = new Set(names.keys());
      for (const { name, object } of configuration.templates) {
        const { type, place } = object;
        const isUsed = (Object.keys(types) as TemplatedKind[]).some(
          (kind) => types[kind] === type && used.has(`${kind} ${name}`),
        );
        const what = `${type} template ${name}`;
        if (isUsed) remarkFlattened(object, what);
        else if (type === "host" || type === "service") {
          if (!object.isRegistered) remarks.add(place, what, "no definition that is carried uses it; it is left out");
        } else if (!object.isRegistered)
          remarks.add(
            place,
            what,
            "only hosts and services have templates here; its values are written out at each object",
          );
      }
      return [...made]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { for: kind, uses, spec }]) => ({
          kind: "Template",
          name,
          spec: { for: kind, ...(uses.length > 0 ? { uses } : {}), spec },
        }));
    },
  };

  function remarkFlattened(object: NagiosObject, what: string): void {
    const flattened = [...object.own].filter(([name]) => isFlattened(name));
    const [first] = flattened;
    if (first === undefined) return;
    remarks.add(
      first[1].place,
      `${what}: ${flattened.map(([name]) => name).join(", ")}`,
      "checks, notification rules, event handlers and the like are definitions of their own here; each has the values written out",
    );
  }
}

const flattened = new Set(
  `check_command event_handler contacts contact_groups notification_interval notification_period notification_options first_notification_delay escalations
  servicegroups`.split(/\s+/),
);
function isFlattened(name: string): boolean {
  return flattened.has(name);
}

/** The fields whose directives an object says itself. */
function saidFields(kind: TemplatedKind, { own }: NagiosObject, fields: Fields, inherited: Fields): Fields {
  const said: Record<string, unknown> = {};
  for (const [field, directives] of Object.entries(fieldDirectives[kind])) {
    if (!(field in fields) || !directives.some((name) => own.has(name))) continue;
    const value = fields[field];
    said[field] = Array.isArray(value)
      ? ownList(value, listIn(inherited[field]), isMarked(own, directives, true))
      : value;
  }
  for (const field of maps) {
    const map = mapOf(fields[field]);
    const keys = Object.keys(map).filter((key) => own.has(directiveOfKey(field, key)));
    if (keys.length > 0) said[field] = Object.fromEntries(keys.map((key) => [key, map[key]]));
  }
  return said;
}

/** What an object has to say itself: what it says in the source, and whatever its templates do not make it. */
function ownFields(kind: TemplatedKind, { own }: NagiosObject, fields: Fields, inherited: Fields): Fields {
  const plain = plainFields(inherited);
  const result: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(fields)) {
    const directives = fieldDirectives[kind][field] ?? [];
    const isSaid = alwaysOwn.has(field) || directives.some((name) => own.has(name));
    if (field === "variables" || field === "labels") {
      const map = ownKeys(field, own, mapOf(value), mapOf(plain[field]));
      if (map !== null) result[field] = map;
    } else if (Array.isArray(value) && !alwaysOwn.has(field)) {
      const list = ownList(value, listIn(plain[field]), isMarked(own, directives, isSaid));
      if (isSaid || list.length > 1 || list[0] !== "+") result[field] = list;
    } else if (isSaid || !isDeepEqual(value, { ...defaults[kind], ...plain }[field])) result[field] = value;
  }
  return result;
}

/** A list as it stands, or with a `+` what it adds to the inherited one: nothing where they are the same. */
function ownList(value: readonly unknown[], theirs: readonly unknown[], isAdding: boolean): readonly unknown[] {
  if (!isAdding || !theirs.every((one) => value.includes(one))) return value;
  return ["+", ...value.filter((one) => !theirs.includes(one))];
}

/** The entries of a map that are its own, null for those that are gone; null when all is inherited. */
function ownKeys(
  field: "variables" | "labels",
  own: ReadonlyMap<string, Directive>,
  map: Fields,
  theirs: Fields,
): Fields | null {
  const keys = Object.keys(map).filter((key) => own.has(directiveOfKey(field, key)) || map[key] !== theirs[key]);
  const gone = Object.keys(theirs).filter((key) => !Object.hasOwn(map, key));
  const entries = [...keys.map((key) => [key, map[key]]), ...gone.map((key) => [key, null])];
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

/** Whether the source adds to the list, or is silent about it. */
function isMarked(own: ReadonlyMap<string, Directive>, directives: readonly string[], isSaid: boolean): boolean {
  return !isSaid || directives.some((name) => own.get(name)?.value.startsWith("+"));
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
