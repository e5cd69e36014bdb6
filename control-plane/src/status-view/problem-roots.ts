import type { DependencyInput } from "@mycloud/protocol/dependency";
import { SelectorIndex } from "./selector-index.ts";
import type { ViewedHost, ViewedObject, ViewedService } from "./viewed.ts";

/** A dependency as it holds for one object. */
export interface FoundDependency {
  readonly dependency: DependencyInput;
  /** Those that exist. */
  readonly masters: readonly ViewedObject[];
}

/** What a business rule looks at, by the id of the service that it is; nothing of other services. */
export type FindRuleLeaves = (serviceId: number) => {
  readonly hostIds: readonly number[];
  readonly serviceIds: readonly number[];
};

/** Where hosts and services are found by name. */
export interface ObjectsByName {
  readonly hosts: readonly ViewedHost[];
  hostByName(name: string): ViewedHost | undefined;
  hostById(id: number): ViewedHost | undefined;
  serviceById(id: number): ViewedService | undefined;
  childrenOf(host: ViewedHost): readonly ViewedHost[];
  serviceByName(hostName: string, serviceName: string): ViewedService | undefined;
}

/** Something that does not work and is believed not to. */
export function isFailing({ state }: ViewedObject): boolean {
  return state.hasBeenChecked && state.isHard && state.state !== 0;
}

/**
 * Which problem is the cause of which: a host is explained by its parents when none of them works, a service by its host, anything by what it
 * depends on. What is explained is an impact of its root problems. Made anew after every change; worked out when first asked for.
 */
export class ProblemRoots {
  readonly #objects: ObjectsByName;
  readonly #findRuleLeaves: FindRuleLeaves;
  readonly #dependencies: SelectorIndex<DependencyInput & { readonly selector: DependencyInput["dependent"] }>;
  readonly #roots = new Map<ViewedObject, readonly ViewedObject[]>();
  #impacts: Map<ViewedObject, ViewedObject[]> | undefined;
  #dependents: Map<ViewedObject, ViewedObject[]> | undefined;

  constructor(objects: ObjectsByName, dependencies: readonly DependencyInput[], findRuleLeaves: FindRuleLeaves) {
    this.#objects = objects;
    this.#findRuleLeaves = findRuleLeaves;
    this.#dependencies = new SelectorIndex(
      dependencies.map((dependency) => ({ ...dependency, selector: dependency.dependent })),
    );
  }

  /** The root problems that explain it; none when it works, or is a root itself. */
  sourcesOf(object: ViewedObject): readonly ViewedObject[] {
    if (!isFailing(object)) return [];
    const known = this.#roots.get(object);
    if (known !== undefined) return known;
    // Somebody in a circle of dependencies is taken for a root while the others are looked at.
    this.#roots.set(object, []);
    const found = new Set<ViewedObject>();
    for (const cause of this.#causesOf(object)) {
      const above = this.sourcesOf(cause);
      for (const root of above.length === 0 ? [cause] : above) if (root !== object) found.add(root);
    }
    const sources = [...found];
    this.#roots.set(object, sources);
    return sources;
  }

  /** Whether it is broken by itself. */
  isProblem(object: ViewedObject): boolean {
    return isFailing(object) && this.sourcesOf(object).length === 0;
  }

  /** What is broken because of it, directly or further on. */
  impactsOf(object: ViewedObject): readonly ViewedObject[] {
    this.#impacts ??= this.#findImpacts();
    return this.#impacts.get(object) ?? [];
  }

  /** What it hangs on, whether that works or not: parents or its host, and masters of its dependencies. */
  parentsOf(object: ViewedObject): readonly ViewedObject[] {
    const own = object.kind === "host" ? this.#parentHosts(object) : [object.host];
    return [...new Set([...own, ...this.#mastersOf(object), ...this.#leavesOf(object)])];
  }

  #leavesOf(object: ViewedObject): ViewedObject[] {
    if (object.kind === "host") return [];
    const { hostIds, serviceIds } = this.#findRuleLeaves(object.id);
    return [
      ...hostIds.flatMap((id) => this.#objects.hostById(id) ?? []),
      ...serviceIds.flatMap((id) => this.#objects.serviceById(id) ?? []),
    ];
  }

  /** What hangs on it, whether that works or not. */
  childrenOf(object: ViewedObject): readonly ViewedObject[] {
    this.#dependents ??= this.#findDependents();
    const own = object.kind === "host" ? [...this.#objects.childrenOf(object), ...object.services] : [];
    return [...new Set([...own, ...(this.#dependents.get(object) ?? [])])];
  }

  /** The dependencies that hold for it. */
  dependenciesOf(object: ViewedObject): readonly FoundDependency[] {
    if (this.#dependencies.isEmpty) return [];
    const host = object.kind === "host" ? object : object.host;
    const found = this.#dependencies.find(host, object.kind === "host" ? undefined : object.name);
    return found.map((dependency) => ({
      dependency,
      masters: dependency.masters.flatMap((master): ViewedObject[] => {
        const hostName = master.host ?? host.name;
        const named =
          master.service === null
            ? this.#objects.hostByName(hostName)
            : this.#objects.serviceByName(hostName, master.service);
        return named === undefined || named === object ? [] : [named];
      }),
    }));
  }

  #findDependents(): Map<ViewedObject, ViewedObject[]> {
    const dependents = new Map<ViewedObject, ViewedObject[]>();
    if (this.#dependencies.isEmpty) return dependents;
    for (const host of this.#objects.hosts) {
      for (const object of [host, ...host.services]) {
        for (const master of this.#mastersOf(object)) {
          const known = dependents.get(master);
          if (known === undefined) dependents.set(master, [object]);
          else known.push(object);
        }
      }
    }
    return dependents;
  }

  #findImpacts(): Map<ViewedObject, ViewedObject[]> {
    const impacts = new Map<ViewedObject, ViewedObject[]>();
    for (const host of this.#objects.hosts) {
      for (const object of [host, ...host.services]) {
        for (const source of this.sourcesOf(object)) {
          const known = impacts.get(source);
          if (known === undefined) impacts.set(source, [object]);
          else known.push(object);
        }
      }
    }
    return impacts;
  }

  #causesOf(object: ViewedObject): ViewedObject[] {
    const causes = [...this.#mastersOf(object), ...this.#leavesOf(object)].filter(isFailing);
    if (object.kind === "service") {
      if (isFailing(object.host)) causes.push(object.host);
    } else {
      const parents = this.#parentHosts(object);
      if (parents.length > 0 && parents.every(isFailing)) causes.push(...parents);
    }
    return causes;
  }

  #parentHosts(host: ViewedHost): ViewedHost[] {
    return host.settings.parents.flatMap((name) => this.#objects.hostByName(name) ?? []);
  }

  #mastersOf(object: ViewedObject): ViewedObject[] {
    return this.dependenciesOf(object).flatMap(({ masters }) => masters);
  }
}
