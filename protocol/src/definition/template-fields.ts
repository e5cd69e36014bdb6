import { isDeepEqual } from "./is-deep-equal.ts";

/** Fields of a specification, as somebody wrote them. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a template is, as far as its users' fields go. */
export interface TemplateFields {
  readonly for: string;
  readonly uses: readonly string[];
  readonly spec: Fields;
}

/** Maps that are joined key by key; everything else is one value. */
const joined = new Set(["labels", "variables"]);
const maximumDepth = 20;

/** A template that cannot be used, and why. */
export interface TemplateFault {
  readonly name: string;
  readonly message: string;
}

/**
 * What a definition of `kind` inherits: of several templates the first that sets a field wins, each before what it uses itself; labels and variables are
 * joined. Marks (`+` at the head of a list, `null` in a map) are still in it. Templates that cannot be used go to `faults`. Pure.
 */
export function inheritedFields(
  kind: string,
  uses: readonly string[],
  templates: ReadonlyMap<string, TemplateFields>,
  faults: TemplateFault[] = [],
  above: readonly string[] = [],
): Fields {
  let fields: Fields = {};
  for (const name of uses) {
    const template = templates.get(name);
    const message = faultOf(template, kind, name, above);
    if (template === undefined || message !== null) {
      faults.push({ name, message: message ?? "there is no such template" });
      continue;
    }
    const inherited = inheritedFields(kind, template.uses, templates, faults, [...above, name]);
    fields = joinFields(fields, joinFields(template.spec, inherited));
  }
  return fields;
}

function faultOf(
  template: TemplateFields | undefined,
  kind: string,
  name: string,
  above: readonly string[],
): string | null {
  if (template === undefined) return "there is no such template";
  if (above.includes(name)) return `this template uses itself: ${[...above, name].join(" -> ")}`;
  if (above.length >= maximumDepth) return `templates use each other more than ${maximumDepth} deep`;
  return template.for === kind ? null : `this template is for a ${template.for}`;
}

/** Own fields over inherited ones; a list that begins with `+` adds to the inherited one. Pure. */
export function joinFields(own: Fields, inherited: Fields): Fields {
  const fields: Record<string, unknown> = { ...inherited, ...own };
  for (const [name, value] of Object.entries(own)) {
    const other = inherited[name];
    if (Array.isArray(value) && value[0] === "+") {
      // The `+` of what is added to stays in front, so that it adds to the next one too.
      if (Array.isArray(other)) fields[name] = [...other, ...value.slice(1)];
    } else if (joined.has(name) && isFields(value) && isFields(other)) fields[name] = { ...other, ...value };
  }
  return fields;
}

/** Fields without their marks: the `+` that found nothing to add to, and what a `null` in a map takes away. Pure. */
export function plainFields(fields: Fields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainValue(name, value)]));
}

function plainValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value[0] === "+" ? value.slice(1) : value;
  if (!joined.has(name) || !isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
}

/**
 * What a definition says itself once some of its fields were given other values: a field that is as its templates have it is no longer its own,
 * any other one is, whole; of labels and variables the keys that differ. `changed` has the names of those fields. Pure.
 */
export function ownAfterEdit(own: Fields, wanted: Fields, inherited: Fields, changed: Iterable<string>): Fields {
  const fields: Record<string, unknown> = { ...own };
  const plain = plainFields(inherited);
  for (const name of changed) {
    const [value, other] = [wanted[name], plain[name]];
    if (name in plain && isDeepEqual(value, other)) delete fields[name];
    else fields[name] = joined.has(name) && isFields(value) && isFields(other) ? difference(value, other) : value;
  }
  return fields;
}

function difference(wanted: Fields, inherited: Fields): Fields {
  const gone = Object.keys(inherited).filter((key) => !Object.hasOwn(wanted, key));
  const own = Object.entries(wanted).filter(([key, value]) => inherited[key] !== value);
  return { ...Object.fromEntries(own), ...Object.fromEntries(gone.map((key) => [key, null])) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
