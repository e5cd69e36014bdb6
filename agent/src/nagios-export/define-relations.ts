import type { Definition } from "@mycloud/checks/nagios-objects";
import { covered, type Inventory, ofKind } from "./inventory.ts";
import { optionsOf, type Told, unique } from "./told.ts";

const letters: Readonly<Record<string, string>> = {
  OK: "o",
  UP: "o",
  WARNING: "w",
  UNKNOWN: "u",
  CRITICAL: "c",
  DOWN: "d",
  UNREACHABLE: "u",
  PENDING: "p",
};

/** Dependencies, a definition for each master and dependent. Pure. */
export function defineDependencies(inventory: Inventory): Definition[] {
  return ofKind(inventory, "Dependency").flatMap(({ name, spec }) => {
    const options = (states: readonly string[]) => states.map((state) => letters[state]).join(",");
    const criteria = [
      ["inherits_parent", spec.isTransitive ? 1 : 0],
      ["dependency_period", spec.period],
      ["execution_failure_options", options(spec.executionFailureStates)],
      ["notification_failure_options", options(spec.notificationFailureStates)],
    ] as const;
    return spec.masters.flatMap((master) =>
      covered(spec.dependent, inventory).flatMap((dependent): Definition[] => {
        const host = master.host ?? dependent.host;
        if ((master.service === null) !== (dependent.service === null)) {
          inventory.remarks.add(`dependency ${name}`, "is between a host and a service, which Nagios does not know");
          return [];
        }
        if (master.service === null) {
          return [
            {
              type: "hostdependency",
              directives: [["host_name", host], ["dependent_host_name", dependent.host], ...criteria],
            },
          ];
        }
        const master_ = [
          ["host_name", host],
          ["service_description", master.service],
        ] as const;
        const of = [
          ["dependent_host_name", dependent.host],
          ["dependent_service_description", dependent.service],
        ] as const;
        return [{ type: "servicedependency", directives: [...master_, ...of, ...criteria] }];
      }),
    );
  });
}

/** Escalations of the rules, a definition for each host and service. Pure. */
export function defineEscalations(inventory: Inventory, { rulesOf }: Told): Definition[] {
  return [...rulesOf].flatMap(([key, rules]) => {
    const [host = "", service] = key.split("\u0000");
    const kind = service === undefined ? "host" : "service";
    const levels = rules.flatMap(({ name, spec }) => spec.escalations.map((level) => ({ name, level })));
    // The same level by several rules (for contacts who want other states) is one to Nagios.
    const different = new Map(levels.map((one) => [JSON.stringify(one.level), one]));
    return [...different.values()].flatMap(({ name, level }): Definition[] => {
      if (level.afterCount === null) {
        inventory.remarks.add(
          `notification rule ${name}: escalation after ${level.afterSeconds} s`,
          "Nagios counts notifications only",
        );
        return [];
      }
      return [
        {
          type: `${kind}escalation`,
          directives: [
            ["host_name", host],
            ["service_description", service ?? null],
            ["first_notification", level.afterCount + 1],
            ["last_notification", level.untilCount ?? 0],
            ["contacts", unique(level.contacts)],
            ["contact_groups", unique(level.contactGroups)],
            ["notification_interval", level.repeatIntervalSeconds],
            ["escalation_period", level.period],
            ["escalation_options", level.states === null ? null : optionsOf([...level.states, "RECOVERY"], kind)],
          ],
        },
      ];
    });
  });
}
