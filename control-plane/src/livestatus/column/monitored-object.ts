import type { ViewedObject } from "../../status-view/index.ts";
import type { QueryContext } from "../query/context.ts";

/** The host that an object is or is on. */
export function hostOf(object: ViewedObject) {
  return object.kind === "host" ? object : object.host;
}

/** `host` or `host/service`, as Shinken writes them. */
export function nameOf(object: ViewedObject): string {
  return object.kind === "host" ? object.name : `${object.host.name}/${object.name}`;
}

/** Those the viewer may know of. */
export function seen<T extends ViewedObject>(objects: readonly T[], context: QueryContext): readonly T[] {
  return context.viewer.kind === "everything" ? objects : objects.filter((object) => context.sees(object));
}

/** Of names of hosts, those the viewer may know of. */
export function seenNames(names: readonly string[], context: QueryContext): readonly string[] {
  if (context.viewer.kind === "everything") return names;
  return seen(
    names.flatMap((name) => context.view.hostByName(name) ?? []),
    context,
  ).map(({ name }) => name);
}
