import { type NagiosObject, placeOf, textOf } from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource } from "./context.ts";
import { coverOf } from "./cover.ts";
import { mappedName } from "./map-rules.ts";

/** Host groups and service groups under their names. A service group is one selector here, so one whose services differ from host to host is not carried. */
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
    const [selector, ...more] = coverOf(members.map((member) => mappedName(member, object, context)));
    if (selector === undefined) {
      remarks.add(
        object.place,
        `servicegroup ${name}`,
        "has no members; a service group here says which services it is of",
      );
      return [];
    }
    if (more.length > 0) {
      const place = placeOf(object, "servicegroup_name");
      remarks.add(
        place,
        `servicegroup ${name}`,
        "has other services on one host than on another, which one selector cannot say; it is left out",
      );
      return [];
    }
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
