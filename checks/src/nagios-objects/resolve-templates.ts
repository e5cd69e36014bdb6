import { limits } from "./limits.ts";
import { type Directive, listOf, type NagiosObject, type WrittenObject } from "./nagios-object.ts";
import type { FaultSink, Place } from "./place.ts";

/** Old and short names, and what nagios calls them now. */
const aliases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": { normal_check_interval: "check_interval", retry_check_interval: "retry_interval", criticity: "business_impact" },
  host: {
    hostgroup: "hostgroups",
    hostgroup_name: "hostgroups",
    host_groups: "hostgroups",
    importance: "business_impact",
    obsess_over_host: "obsess",
  },
  service: {
    hostgroup: "hostgroup_name",
    hostgroups: "hostgroup_name",
    host: "host_name",
    hosts: "host_name",
    description: "service_description",
    servicegroup: "servicegroups",
    service_groups: "servicegroups",
    importance: "business_impact",
    obsess_over_service: "obsess",
  },
  contact: {
    contact_groups: "contactgroups",
    minimum_importance: "min_business_impact",
    min_criticity: "min_business_impact",
  },
  servicedependency: dependencyAliases(),
  hostdependency: dependencyAliases(),
  serviceescalation: {
    hostgroup: "hostgroup_name",
    hostgroups: "hostgroup_name",
    host: "host_name",
    description: "service_description",
  },
  hostescalation: { hostgroup: "hostgroup_name", hostgroups: "hostgroup_name", host: "host_name" },
};

function dependencyAliases(): Record<string, string> {
  return {
    master_host: "host_name",
    host: "host_name",
    hostgroup: "hostgroup_name",
    hostgroups: "hostgroup_name",
    master_host_name: "host_name",
    master_description: "service_description",
    master_service_description: "service_description",
    description: "service_description",
    dependent_host: "dependent_host_name",
    dependent_hostgroup: "dependent_hostgroup_name",
    dependent_hostgroups: "dependent_hostgroup_name",
    dependent_description: "dependent_service_description",
    execution_failure_criteria: "execution_failure_options",
    notification_failure_criteria: "notification_failure_options",
  };
}

/** Lists that a leading `+` adds to the inherited one. */
const additive = new Set([
  "parents",
  "hostgroups",
  "hostgroup_name",
  "host_name",
  "servicegroups",
  "servicegroup_name",
  "contacts",
  "contact_groups",
  "contactgroups",
  "dependent_host_name",
  "dependent_hostgroup_name",
  "dependent_servicegroup_name",
  "host_notification_commands",
  "service_notification_commands",
  "notificationways",
  "escalations",
  "labels",
]);

const notInherited = new Set(["use", "name", "register"]);
/** Identify an object rather than describe it: nagios takes them over from no template, but for lists of hosts on services. */
const repeatable = new Set(["service_overrides"]);

interface Entry {
  readonly written: WrittenObject;
  readonly own: Map<string, Directive>;
  readonly repeated: readonly Directive[];
  resolved: NagiosObject | null;
  isBeingResolved: boolean;
}

/**
 * Gives every definition the values of its templates (`use a,b`): what it says itself wins, then the first template that says it, each with its own
 * templates; `+` adds to what is inherited, `null` takes nothing over. A template that is not there is an error, with `isShinken` only a tag.
 * Objects of different types never share templates. Pure.
 */
export function resolveTemplates(
  objects: readonly WrittenObject[],
  faults: FaultSink,
  { isShinken = false }: { readonly isShinken?: boolean } = {},
): NagiosObject[] {
  const entries = objects.map(toEntry);
  const templates = new Map<string, Entry>();
  for (const entry of entries) {
    const name = entry.own.get("name")?.value;
    if (name === undefined) continue;
    const key = `${entry.written.type} ${name}`;
    const other = templates.get(key);
    if (other === undefined) templates.set(key, entry);
    // Shinken adds definitions of one template together; nagios refuses the second.
    else
      faults[isShinken ? "warn" : "error"](
        entry.written.place,
        `template "${name}" is defined twice; the first is used`,
      );
  }

  function resolve(entry: Entry, depth: number): NagiosObject {
    if (entry.resolved !== null) return entry.resolved;
    const { written, own } = entry;
    entry.isBeingResolved = true;
    const values = new Map([...own].filter(([name]) => !notInherited.has(name)));
    const repeated = [...entry.repeated];
    const tags: string[] = [];
    const uses: string[] = [];
    const use = own.get("use");
    for (const name of listOf(use?.value)) {
      if (!tags.includes(name)) tags.push(name);
      const inherited = templateOf(written.type, name, use?.place ?? written.place, depth);
      if (inherited === null) continue;
      if (!uses.includes(name)) uses.push(name);
      for (const tag of inherited.templates) if (!tags.includes(tag)) tags.push(tag);
      for (const [key, directive] of inherited.values) inherit(values, key, directive);
      const said = new Set(repeated.map(dayOf));
      repeated.push(...inherited.repeated.filter((directive) => !said.has(dayOf(directive))));
    }
    const isRegistered = own.get("register")?.value.trim() !== "0";
    const templateName = own.get("name")?.value ?? null;
    const { type, place } = written;
    entry.resolved = { type, place, values, repeated, templates: tags, uses, own, templateName, isRegistered };
    entry.isBeingResolved = false;
    return entry.resolved;
  }

  /** A template with its own templates' values; null, with a fault, when it is missing or uses itself. */
  function templateOf(type: string, name: string, place: Place, depth: number): NagiosObject | null {
    const template = templates.get(`${type} ${name}`);
    if (template === undefined) {
      if (isShinken) faults.warn(place, `there is no ${type} template "${name}"; it is kept as a tag`);
      else faults.error(place, `there is no ${type} template "${name}"`);
      return null;
    }
    if (template.isBeingResolved || depth >= limits.templateDepth) {
      faults.error(place, `template "${name}" uses itself, by way of others or at once`);
      return null;
    }
    return resolve(template, depth + 1);
  }

  return entries.map((entry) => withoutMarks(resolve(entry, 0)));
}

/** What makes two repeated lines say something about the same: the days of a time period, a service's override of one field. */
function dayOf({ name, value }: Directive): string {
  const line = `${name} ${value}`;
  return repeatable.has(name) ? line.split(/\s/, 3).join(" ") : line.replace(/\s+\d{1,2}:[\d:,\s-]*$/, "");
}

function inherit(values: Map<string, Directive>, key: string, directive: Directive): void {
  const own = values.get(key);
  if (own === undefined) values.set(key, directive);
  else if (additive.has(key) && own.value.startsWith("+") && directive.value !== "null") {
    values.set(key, { ...own, value: `${directive.value},${own.value.slice(1)}` });
  }
}

/** Takes off the `+` that found nothing to add to, and what `null` cancelled. Custom variables keep the word, as in nagios. */
function withoutMarks(object: NagiosObject): NagiosObject {
  const values = new Map<string, Directive>();
  for (const [name, directive] of object.values) {
    const isCustom = name.startsWith("_");
    if (!isCustom && directive.value === "null") continue;
    const value =
      additive.has(name) && directive.value.startsWith("+") ? directive.value.slice(1).trim() : directive.value;
    values.set(name, value === directive.value ? directive : { ...directive, value });
  }
  return { ...object, values };
}

const timePeriodNames = new Set(["timeperiod_name", "alias", "exclude", "name", "use", "register"]);

function toEntry(written: WrittenObject): Entry {
  const own = new Map<string, Directive>();
  const repeated: Directive[] = [];
  for (const directive of written.directives) {
    const isDay = written.type === "timeperiod" && !timePeriodNames.has(directive.name);
    if (isDay || repeatable.has(directive.name)) {
      repeated.push(directive);
      continue;
    }
    const name = directive.name.startsWith("_")
      ? directive.name.toUpperCase()
      : canonicalName(written.type, directive.name);
    own.set(name, { ...directive, name });
  }
  return { written, own, repeated, resolved: null, isBeingResolved: false };
}

function canonicalName(type: string, name: string): string {
  const lower = name.toLowerCase();
  return own(aliases[type], lower) ?? own(aliases[""], lower) ?? lower;
}

function own(names: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return names !== undefined && Object.hasOwn(names, name) ? names[name] : undefined;
}
