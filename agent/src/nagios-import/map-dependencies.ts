import {
  listOf,
  monitoredKey,
  type NagiosDependency,
  type NagiosObject,
  placeOf,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource } from "./context.ts";
import { coverOf } from "./cover.ts";
import { mappedName } from "./map-rules.ts";
import { madeName } from "./names.ts";

const states = {
  service: { o: "OK", w: "WARNING", u: "UNKNOWN", c: "CRITICAL", p: "PENDING" },
  host: { o: "UP", d: "DOWN", u: "UNREACHABLE", p: "PENDING" },
} as const;

/** Dependencies; all dependents of one master with the same criteria share one. */
export function mapDependencies(context: ImportContext): ImportedResource[] {
  const alike = Map.groupBy(context.configuration.dependencies, (dependency) =>
    JSON.stringify(specOf(dependency, context)),
  );
  return [...alike].flatMap(([key, dependencies]) => {
    const [first] = dependencies;
    if (first === undefined) return [];
    const spec = specOf(first, context);
    if (spec.executionFailureStates.length + spec.notificationFailureStates.length === 0) return [];
    const dependents = dependencies.map(({ dependent, object }) => mappedName(dependent, object, context));
    const unique = [...new Map(dependents.map((dependent) => [monitoredKey(dependent), dependent])).values()];
    return coverOf(unique).map((dependent, index): ImportedResource => {
      const { host, service } = first.master;
      return {
        kind: "Dependency",
        name: madeName(`on ${host}${service === null ? "" : ` ${service}`}`, [key, index]),
        spec: { dependent, ...spec },
      };
    });
  });
}

function specOf({ master, object }: NagiosDependency, context: ImportContext) {
  const names = states[master.service === null ? "host" : "service"];
  const period = textOf(object, "dependency_period");
  return {
    masters: [mappedName(master, object, context)],
    executionFailureStates: failureStates(object, "execution_failure_options", names),
    notificationFailureStates: failureStates(object, "notification_failure_options", names),
    isTransitive: textOf(object, "inherits_parent") === "1",
    period: period === undefined ? null : context.resourceNames(period, placeOf(object, "dependency_period")),
  };
}

function failureStates(object: NagiosObject, key: string, names: Readonly<Record<string, string>>): string[] {
  const letters = listOf(textOf(object, key)).map((word) => word.toLowerCase()[0] ?? "");
  if (letters.includes("n")) return [];
  return letters.includes("a")
    ? Object.values(names)
    : Object.entries(names).flatMap(([letter, state]) => (letters.includes(letter) ? [state] : []));
}
