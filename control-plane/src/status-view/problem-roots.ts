import type { DependencyInput } from "@mycloud/protocol/dependency";
import { masterStatesOf } from "../dependency/master-states.ts";
import { findCauses } from "../problem/find-causes.ts";
import { type BadObject, findRoots } from "../problem/find-roots.ts";
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

/** Whether a time period, or always for null, is now. */
export type IsInPeriod = (name: string | null) => boolean;

/**
 * Which problem is the cause of which, by the rules of the list of problems, of what is believed (HARD) not to work. Made anew after every change; worked out when
 * first asked for.
 */
export class ProblemRoots {
  readonly #objects: ObjectsByName;
  readonly #findRuleLeaves: FindRuleLeaves;
  readonly #isInPeriod: IsInPeriod;
  readonly #dependencies: SelectorIndex<DependencyInput & { readonly selector: DependencyInput["dependent"] }>;
  #found: Found | undefined;
  #dependents: Map<ViewedObject, ViewedObject[]> | undefined;

  constructor(
    objects: ObjectsByName,
    dependencies: readonly DependencyInput[],
    findRuleLeaves: FindRuleLeaves,
    isInPeriod: IsInPeriod = () => true,
  ) {
    this.#objects = objects;
    this.#findRuleLeaves = findRuleLeaves;
    this.#isInPeriod = isInPeriod;
    this.#dependencies = new SelectorIndex(
      dependencies.map((dependency) => ({ ...dependency, selector: dependency.dependent })),
    );
  }

  /** The root problems that explain it; none when it works, or is a root itself. */
  sourcesOf(object: ViewedObject): readonly ViewedObject[] {
    return this.#find().sources.get(object) ?? [];
  }

  /** Whether it is broken by itself. */
  isProblem(object: ViewedObject): boolean {
    return isFailing(object) && this.sourcesOf(object).length === 0;
  }

  /** What is broken because of it, directly or further on. */
  impactsOf(object: ViewedObject): readonly ViewedObject[] {
    return this.#find().impacts.get(object) ?? [];
  }

  #find(): Found {
    this.#found ??= this.#findAll();
    return this.#found;
  }

  #findAll(): Found {
    const failing = new Map<string, ViewedObject>();
    for (const host of this.#objects.hosts) {
      for (const object of [host, ...host.services]) if (isFailing(object)) failing.set(keyOf(object), object);
    }
    const isBad = (key: string) => failing.has(key);
    const bad = Array.from(failing, ([key, object]): BadObject => {
      const failedMasters = this.#failedMastersOf(object, []).map(keyOf);
      const standing =
        object.kind === "host"
          ? ({ kind: "host", parents: this.#parentHosts(object).map(keyOf), failedMasters } as const)
          : ({
              kind: "service",
              host: keyOf(object.host),
              failedMasters: [...failedMasters, ...this.#failedMastersOf(object.host, []).map(keyOf)],
              leaves: this.#leavesOf(object).map(keyOf),
            } as const);
      return { key, businessImpact: object.settings.businessImpact, causes: findCauses(standing, isBad) };
    });
    const found: Found = { sources: new Map(), impacts: new Map() };
    for (const [key, { roots }] of findRoots(bad)) {
      const object = failing.get(key);
      if (object === undefined) continue;
      const sources = roots.flatMap((root) => failing.get(root) ?? []);
      found.sources.set(object, sources);
      for (const source of sources) {
        const known = found.impacts.get(source);
        if (known === undefined) found.impacts.set(source, [object]);
        else known.push(object);
      }
    }
    return found;
  }

  /** The masters because of which a dependency of it fails now. */
  #failedMastersOf(object: ViewedObject, path: readonly ViewedObject[]): ViewedObject[] {
    return this.dependenciesOf(object).flatMap(({ dependency, masters }) => {
      if (!this.#isInPeriod(dependency.period)) return [];
      const failure = [...dependency.executionFailureStates, ...dependency.notificationFailureStates];
      return masters.flatMap((master) => {
        if (masterStatesOf(master.kind, master.state).some((state) => failure.includes(state))) return [master];
        if (!dependency.isTransitive || path.includes(master)) return [];
        return this.#failedMastersOf(master, [...path, object]);
      });
    });
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

  #parentHosts(host: ViewedHost): ViewedHost[] {
    return host.settings.parents.flatMap((name) => this.#objects.hostByName(name) ?? []);
  }

  #mastersOf(object: ViewedObject): ViewedObject[] {
    return this.dependenciesOf(object).flatMap(({ masters }) => masters);
  }
}

interface Found {
  readonly sources: Map<ViewedObject, readonly ViewedObject[]>;
  readonly impacts: Map<ViewedObject, ViewedObject[]>;
}

function keyOf({ kind, id }: ViewedObject): string {
  return `${kind}-${id}`;
}
