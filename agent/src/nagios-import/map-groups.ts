import { type NagiosObject, placeOf, textOf } from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource } from "./context.ts";
import { coverOf } from "./cover.ts";
import { mappedName } from "./map-rules.ts";

const maximumCovers = 1000;

/** Host groups and service groups under their names. A service group is a selector here. */
export function mapGroups(context: ImportContext): ImportedResource[] {
  const { configuration, remarks, resourceNames } = context;
  const hostGroups = configuration.hostGroups.map(
    ({ name, object }): ImportedResource => ({
      kind: "HostGroup",
      name: resourceNames(name, object.place),
      spec: descriptionOf(object),
    }),
  );
  const serviceGroups = configuration.serviceGroups.flatMap(({ name, object, members }): ImportedResource[] => {
    const covers = coverOf(members.map((member) => mappedName(member, object, context)));
    const [only, ...more] = covers;
    if (only === undefined || covers.length > maximumCovers) {
      const why =
        only === undefined
          ? "has no members; a service group here says which services it is of"
          : `has ${covers.length} different sets of services on its hosts; ${maximumCovers} can be said`;
      remarks.add(placeOf(object, "servicegroup_name"), `servicegroup ${name}`, why);
      return [];
    }
    const selector = more.length === 0 ? only : { anyOf: covers };
    return [
      { kind: "ServiceGroup", name: resourceNames(name, object.place), spec: { ...descriptionOf(object), selector } },
    ];
  });
  return [...hostGroups, ...serviceGroups];
}

function descriptionOf(object: NagiosObject): Record<string, unknown> {
  return {
    alias: (textOf(object, "alias") ?? "").slice(0, 255),
    notes: (textOf(object, "notes") ?? "").slice(0, 10_000),
    notesUrl: textOf(object, "notes_url")?.slice(0, 2048) ?? null,
    actionUrl: textOf(object, "action_url")?.slice(0, 2048) ?? null,
  };
}
