import type { HostSelector, ServiceSelector } from "@mycloud/protocol/selector";

const list = (entries: readonly string[]) => entries.join(", ");

function hostParts(selector: HostSelector): string[] {
  const parts: string[] = [];
  if (selector.groups) parts.push(`group ${list(selector.groups)}`);
  for (const [label, value] of Object.entries(selector.labels ?? {})) {
    parts.push(`${label} = ${typeof value === "string" ? value : list(value)}`);
  }
  if (selector.hosts) parts.push(`host ${list(selector.hosts)}`);
  return parts;
}

/** Says in one line which hosts a selector covers. */
export function hostSelectorText(selector: HostSelector): string {
  const parts = hostParts(selector);
  return parts.length === 0 ? "every host" : parts.join(" · ");
}

/** Says in one line which hosts and services a selector covers. */
export function serviceSelectorText(selector: ServiceSelector): string {
  const parts = hostParts(selector);
  if (selector.anyOf !== undefined) {
    const { anyOf, ...rest } = selector;
    const [first, ...more] = anyOf.map(serviceSelectorText);
    const any = more.length === 0 ? `${first}` : `${first} or ${more.length === 1 ? more[0] : `${more.length} others`}`;
    return Object.keys(rest).length === 0 ? any : `${serviceSelectorText(rest)}, of it ${any}`;
  }
  const where = parts.length === 0 ? "every host" : parts.join(" · ");
  if (selector.services === undefined) return parts.length === 0 ? "everything" : where;
  if (selector.services.length === 0) return `${where} (hosts only)`;
  if (list(selector.services) === "*") return `${where} (services only)`;
  return `service ${list(selector.services)} on ${where}`;
}

/**
 * Drops the keys that an editor left empty: an empty list would match nothing, while a missing key matches all. `services: []` stays, since it
 * means the hosts themselves.
 */
export function cleanSelector(selector: ServiceSelector): ServiceSelector {
  const labels = Object.entries(selector.labels ?? {}).filter(([name, value]) => name !== "" && value.length > 0);
  return {
    ...(selector.hosts && selector.hosts.length > 0 ? { hosts: selector.hosts } : {}),
    ...(selector.groups && selector.groups.length > 0 ? { groups: selector.groups } : {}),
    ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}),
    ...(selector.services ? { services: selector.services } : {}),
    ...(selector.anyOf ? { anyOf: selector.anyOf } : {}),
  };
}

/** Reads `role=web` or `env=prod,stage` into a label and its wanted values; null when it is not of that form. */
export function parseLabel(text: string): [label: string, value: string | string[]] | null {
  const equalsAt = text.indexOf("=");
  if (equalsAt <= 0) return null;
  const label = text.slice(0, equalsAt).trim();
  const values = text
    .slice(equalsAt + 1)
    .split(",")
    .map((value) => value.trim())
    .filter((value) => value !== "");
  const [only] = values;
  if (label === "" || only === undefined) return null;
  return [label, values.length === 1 ? only : values];
}

/** Writes a label as `parseLabel` reads it. */
export function formatLabel(label: string, value: string | readonly string[]): string {
  return `${label}=${typeof value === "string" ? value : value.join(",")}`;
}
