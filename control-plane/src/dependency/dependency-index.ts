import type { DependencyInput } from "@mycloud/protocol/dependency";
import { exactHosts, matchesService, type SelectableHost } from "@mycloud/protocol/selector";

/** A host, or with `serviceName` a service of it. */
export interface DependencySubject {
  readonly host: SelectableHost;
  /** Null for the host itself. */
  readonly serviceName: string | null;
}

/** A host, or with `service` a service, by name. */
export interface MasterName {
  readonly host: string;
  readonly service: string | null;
}

/** Which of the two kinds of failure is asked about. */
export type DependencyPurpose = "execution" | "notification";

/** Dependencies, found by what depends. */
export interface DependencyIndex {
  readonly all: readonly DependencyInput[];
  /** Whether any dependency holds checks. */
  readonly hasExecution: boolean;
  /** Those that cover a subject and can fail for the purpose, in the order of their names. */
  of(subject: DependencySubject, purpose: DependencyPurpose): DependencyInput[];
}

/** Makes the index: thousands of imported dependencies each name one host, and cost nothing for the others. */
export function createDependencyIndex(dependencies: readonly DependencyInput[]): DependencyIndex {
  const byHost = new Map<string, DependencyInput[]>();
  const general: DependencyInput[] = [];
  for (const dependency of dependencies) {
    const names = exactHosts(dependency.dependent);
    if (names === null) general.push(dependency);
    else for (const name of new Set(names)) byHost.set(name, [...(byHost.get(name) ?? []), dependency]);
  }
  return {
    all: dependencies,
    hasExecution: dependencies.some((dependency) => failureStates(dependency, "execution").length > 0),
    of: ({ host, serviceName }, purpose) =>
      [...(byHost.get(host.name) ?? []), ...general]
        .filter((dependency) => failureStates(dependency, purpose).length > 0 || dependency.isTransitive)
        .filter((dependency) => matchesService(dependency.dependent, host, serviceName ?? undefined))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

export function failureStates(
  dependency: DependencyInput,
  purpose: DependencyPurpose,
): DependencyInput["executionFailureStates"] {
  return purpose === "execution" ? dependency.executionFailureStates : dependency.notificationFailureStates;
}

/** The masters of a dependency as a subject sees them: on its own host where none is named; never the subject itself. Pure. */
export function mastersOf(dependency: DependencyInput, subject: DependencySubject): MasterName[] {
  return dependency.masters
    .map(({ host, service }) => ({ host: host ?? subject.host.name, service }))
    .filter(({ host, service }) => host !== subject.host.name || service !== subject.serviceName);
}

/** `db1/mysql` or `db1`. */
export function masterInWords({ host, service }: MasterName): string {
  return service === null ? host : `${host}/${service}`;
}
