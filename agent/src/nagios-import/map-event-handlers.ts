import { type Monitored, type NagiosObject, placeOf, splitCheckCommand, textOf } from "@mycloud/checks/nagios-objects";
import type { ImportContext, ImportedResource } from "./context.ts";
import { coverOf } from "./cover.ts";
import { mapCommand } from "./map-command.ts";
import { mappedName } from "./map-rules.ts";
import { madeName } from "./names.ts";

/** What the policy file of some agents has to allow, so that event handlers may run there. */
export interface NeededPolicy {
  /** The name under `eventHandlers:`. */
  readonly command: string;
  readonly program: string;
  readonly hosts: readonly string[];
}

/** Event handlers, by the name of their command, which each agent's own policy file has to allow. */
export function mapEventHandlers(context: ImportContext): {
  readonly resources: ImportedResource[];
  readonly policies: readonly NeededPolicy[];
} {
  const needed = new Map<string, { command: string; program: string; hosts: Set<string> }>();
  const { configuration, remarks } = context;
  const alike = new Map<string, { spec: Record<string, unknown>; objects: Monitored[] }>();
  const everybody: readonly { of: Monitored; object: NagiosObject }[] = [
    ...configuration.hosts.map(({ name, object }) => ({ of: { host: name, service: null }, object })),
    ...configuration.services.map(({ host, description, object }) => ({ of: { host, service: description }, object })),
  ];
  for (const { of, object } of everybody) {
    const text = textOf(object, "event_handler");
    if (text === undefined) continue;
    const place = placeOf(object, "event_handler");
    const { name } = splitCheckCommand(text);
    const label = `event handler ${name}`;
    const owner = { hostName: of.host, host: context.hosts.get(of.host), service: of.service === null ? null : object };
    const mapped = mapCommand(text, place, label, owner, context, { keepsOthers: true });
    if (mapped.kind === "none") continue;
    if (!/^[A-Za-z0-9_.-]{1,64}$/.test(name)) {
      remarks.add(place, label, "has a name that no agent's policy can have");
      continue;
    }
    const [program = "", ...words] = mapped.words;
    remarks.add(place, label, `each agent's policy file has to allow it: eventHandlers: { ${name}: [${program}] }`);
    if (!/^\//.test(program)) {
      remarks.add(place, label, `runs ${program}, which is no absolute path; a policy file takes no other`);
      continue;
    }
    const policy = needed.get(`${name} ${program}`) ?? { command: name, program, hosts: new Set() };
    needed.set(`${name} ${program}`, policy);
    policy.hosts.add(context.hostNames(of.host, object.place));
    const states = of.service === null ? ["UP", "DOWN", "UNREACHABLE"] : ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
    const spec = { states, stateTypes: ["SOFT", "HARD"], command: name, arguments: words.slice(0, 50) };
    const key = JSON.stringify(spec);
    const same = alike.get(key);
    const mappedObject = mappedName(of, object, context);
    if (same === undefined) alike.set(key, { spec, objects: [mappedObject] });
    else same.objects.push(mappedObject);
  }
  const resources = [...alike].flatMap(([key, { spec, objects }]) =>
    coverOf(objects).map((selector, index): ImportedResource => {
      return {
        kind: "EventHandler",
        name: madeName(`${String(spec.command)}`, [key, index]),
        spec: { selector, ...spec },
      };
    }),
  );
  return { resources, policies: [...needed.values()].map((one) => ({ ...one, hosts: [...one.hosts].sort() })) };
}
