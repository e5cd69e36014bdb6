import type { Definition } from "@mycloud/checks/nagios-objects";
import { covered, type Inventory, ofKind } from "./inventory.ts";

/** Time periods. Nagios has no zones: times stand as they are. Pure. */
export function definePeriods(inventory: Inventory): Definition[] {
  return ofKind(inventory, "TimePeriod").map(({ name, spec }) => {
    if (spec.timeZone !== "UTC")
      inventory.remarks.add(
        `time period ${name}: zone ${spec.timeZone}`,
        "holds in the zone of the machine that runs nagios",
      );
    const times = (ranges: readonly string[]) => (ranges.length === 0 ? "00:00-00:00" : ranges.join(","));
    return {
      type: "timeperiod",
      directives: [
        ["timeperiod_name", name],
        ["alias", spec.alias || name],
        ...Object.entries(spec.weekly).map(([day, ranges]): [string, string] => [day, times(ranges ?? [])]),
        ...spec.exceptions.map(({ days, times: ranges }): [string, string] => {
          const [first = "", ...rest] = days.split(" ");
          return [first, [...rest, times(ranges)].join(" ")];
        }),
        ["exclude", spec.exclude.join(",")],
      ],
    };
  });
}

/** Host groups (also those that hosts only name), service groups and contact groups. Pure. */
export function defineGroups(inventory: Inventory): Definition[] {
  const described = new Map(ofKind(inventory, "HostGroup").map(({ name, spec }) => [name, spec]));
  const named = new Set([...described.keys(), ...inventory.hosts.flatMap(({ groups }) => groups)]);
  const words = (
    spec: { alias: string; notes: string; notesUrl: string | null; actionUrl: string | null } | undefined,
  ) =>
    [
      ["alias", spec?.alias ?? null],
      ["notes", spec?.notes ?? null],
      ["notes_url", spec?.notesUrl ?? null],
      ["action_url", spec?.actionUrl ?? null],
    ] as const;
  const hostGroups = [...named].map(
    (name): Definition => ({
      type: "hostgroup",
      directives: [["hostgroup_name", name], ...words(described.get(name))],
    }),
  );
  const serviceGroups = ofKind(inventory, "ServiceGroup").map(({ name, spec }): Definition => {
    const members = covered(spec.selector, inventory).flatMap(({ host, service }) =>
      service === null ? [] : [`${host},${service}`],
    );
    return {
      type: "servicegroup",
      directives: [["servicegroup_name", name], ...words(spec), ["members", members.join(",")]],
    };
  });
  const contactGroups = ofKind(inventory, "ContactGroup").map(
    ({ name, spec }): Definition => ({
      type: "contactgroup",
      directives: [
        ["contactgroup_name", name],
        ["alias", spec.alias],
        ["members", spec.contacts.join(",")],
        ["contactgroup_members", spec.groups.join(",")],
      ],
    }),
  );
  return [...hostGroups, ...serviceGroups, ...contactGroups];
}
