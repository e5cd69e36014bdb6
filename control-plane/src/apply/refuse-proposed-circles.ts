import type { ResourceDefinition } from "@mycloud/protocol/resource";
import type { SelectableHost } from "@mycloud/protocol/selector";
import { refuseCircle } from "../definition/refuse-circles.ts";
import { findDependencyCircle } from "../dependency/find-dependency-circle.ts";
import { findCircle } from "../reachability/find-circle.ts";

/** As `refuseCircles`, of definitions that are not stored yet: all there will be, and the hosts as selectors will see them. Pure. */
export function refuseProposedCircles(
  definitions: readonly ResourceDefinition[],
  hosts: readonly SelectableHost[],
): void {
  const edges = { parents: new Map(), exclude: new Map(), groups: new Map(), uses: new Map() } satisfies Edges;
  const dependencies = [];
  for (const definition of definitions) {
    const { name } = definition;
    if (definition.kind === "Host") {
      if (definition.spec.parents.length > 0) set(edges.parents, name, definition.spec.parents);
    } else if (definition.kind === "TimePeriod") set(edges.exclude, name, definition.spec.exclude);
    else if (definition.kind === "ContactGroup") set(edges.groups, name, definition.spec.groups);
    else if (definition.kind === "Template") set(edges.uses, name, definition.spec.uses);
    else if (definition.kind === "Dependency") dependencies.push({ name, ...definition.spec });
  }
  for (const [field, graph] of Object.entries(edges)) refuseCircle(field, findCircle(graph));
  refuseCircle("masters", findDependencyCircle(dependencies, hosts));
}

type Edges = Readonly<Record<string, Map<string, readonly string[]>>>;

function set(graph: Map<string, readonly string[]>, name: string, names: readonly string[]): void {
  graph.set(name, names);
}
