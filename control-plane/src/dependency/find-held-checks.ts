import type { Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { createDependencyJudge } from "./dependency-judge.ts";

/** Whose checks are held back, by id. */
export interface HeldChecks {
  readonly serviceIds: ReadonlySet<number>;
  /** Hosts whose host checks. */
  readonly hostIds: ReadonlySet<number>;
}

export const noHeldChecks: HeldChecks = { serviceIds: new Set(), hostIds: new Set() };

/** Of these hosts and their services, those whose checks are held back now, because a master they depend on is in a state that says so. */
export async function findHeldChecks(
  executor: Executor,
  definitions: DefinitionCache,
  hostIds: readonly number[],
  nowMs: number,
): Promise<HeldChecks> {
  if (!(await definitions.dependencies(executor)).hasExecution) return noHeldChecks;
  const held = { serviceIds: new Set<number>(), hostIds: new Set<number>() };
  const hosts = await definitions.hostsById(executor, new Set(hostIds));
  const judge = await createDependencyJudge({ executor, definitions, nowMs });
  const subjects = [...hosts.values()].flatMap((host) => [
    ...(host.hostCheck === null ? [] : [{ host, serviceName: null, id: host.id }]),
    ...[...host.servicesByName.values()].map((service) => ({ host, serviceName: service.name, id: service.id })),
  ]);
  await judge.prepare(subjects, "execution");
  for (const subject of subjects) {
    if ((await judge.findBlockingMaster(subject, "execution")) === null) continue;
    (subject.serviceName === null ? held.hostIds : held.serviceIds).add(subject.id);
  }
  return held;
}
