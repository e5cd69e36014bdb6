import {
  listOf,
  type NagiosHost,
  type NagiosObject,
  numberOf,
  parentsOf,
  placeOf,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { Fields } from "@mycloud/protocol/definition";
import type { ImportContext, ImportedResource } from "./context.ts";
import { freshnessOf, remarkUncarried, settingsOf } from "./map-common.ts";
import type { TemplateMap } from "./map-templates.ts";

const addressForm = /^[A-Za-z0-9._:%-]{1,255}$/;
const labelForm = /^[A-Za-z_][A-Za-z0-9_./-]{0,62}$/;

/** Hosts with their groups; realm, tags and Shinken's labels become labels. */
export function mapHosts(context: ImportContext, templates: TemplateMap): ImportedResource[] {
  const groupsOf = new Map<string, string[]>();
  for (const { name, members, object } of context.configuration.hostGroups) {
    for (const member of members) {
      const group = context.resourceNames(name, object.place);
      const known = groupsOf.get(member);
      if (known === undefined) groupsOf.set(member, [group]);
      else known.push(group);
    }
  }
  const names = new Set(context.configuration.hosts.map(({ name }) => name));
  const specOfTemplate = (name: string, object: NagiosObject) => {
    const groups = listOf(textOf(object, "hostgroups")).map((group) => context.resourceNames(group, object.place));
    return specOf({ name, object }, `host template ${name}`, names, groups, context);
  };
  return context.configuration.hosts.map((host): ImportedResource => {
    const { object } = host;
    remarkUncarried(object, host.name, context);
    const name = context.hostNames(host.name, object.place);
    const spec = specOf(host, `host ${host.name}`, names, groupsOf.get(host.name) ?? [], context);
    return { kind: "Host", name, ...templates.own("Host", object, spec, specOfTemplate) };
  });
}

function specOf(
  host: NagiosHost,
  label: string,
  names: ReadonlySet<string>,
  groups: readonly string[],
  context: ImportContext,
): Fields {
  const { object } = host;
  const { remarks, hostNames, options, reading } = context;
  const name = hostNames(host.name, object.place);
  const address = textOf(object, "address") ?? host.name;
  const isAddress = addressForm.test(address);
  if (!isAddress)
    remarks.add(placeOf(object, "address"), `${label}: address ${address}`, "is neither a name nor an IP address");
  const shown = textOf(object, "display_name") ?? textOf(object, "alias") ?? host.name;
  const alias = textOf(object, "alias");
  if (alias !== undefined && alias !== shown)
    remarks.add(placeOf(object, "alias"), `${label}: alias ${alias}`, `has one name for people here: ${shown}`);
  const settings = settingsOf(object, "host", label, context);
  return {
    displayName: shown === host.name ? null : shown.slice(0, 255),
    address: isAddress ? address : null,
    labels: labelsOf(host, context),
    groups: [...groups].sort(),
    notes: textOf(object, "notes") ?? "",
    maxCheckAttempts: attemptsOf(host),
    freshnessSeconds: freshnessOf(object, context),
    ...settings,
    parents: parentsOf(host, names, reading).map((parent) => hostNames(parent, placeOf(object, "parents"))),
    probers: options.probers.filter((prober) => prober !== name),
  };
}

function attemptsOf({ object }: NagiosHost): number {
  return Math.min(100, Math.max(1, Math.round(numberOf(object, "max_check_attempts", 1))));
}

function labelsOf({ name, object }: NagiosHost, { remarks }: ImportContext): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const key of ["realm", "poller_tag", "reactionner_tag"]) {
    const value = textOf(object, key);
    if (value !== undefined && value !== "None") labels[key] = value.slice(0, 255);
  }
  for (const label of listOf(textOf(object, "labels"))) {
    if (labelForm.test(label)) labels[label] = "yes";
    else remarks.add(placeOf(object, "labels"), `host ${name}: label ${label}`, "is no label name");
  }
  return labels;
}
