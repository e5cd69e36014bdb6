import type { Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import { createDependencyJudge } from "./dependency-judge.ts";

/** Ids of the services of these hosts whose checks are held back now, because a master they depend on is in a state that says so. */
export async function findHeldServices(
  executor: Executor,
  definitions: DefinitionCache,
  hostIds: readonly number[],
  nowMs: number,
): Promise<ReadonlySet<number>> {
  const held = new Set<number>();
  if (!(await definitions.dependencies(executor)).hasExecution) return held;
  const hosts = await definitions.hostsById(executor, new Set(hostIds));
  const judge = await createDependencyJudge({ executor, definitions, nowMs });
  const subjects = [...hosts.values()].flatMap((host) =>
    [...host.servicesByName.values()].map((service) => ({ host, serviceName: service.name, id: service.id })),
  );
  await judge.prepare(subjects, "execution");
  for (const subject of subjects) {
    if ((await judge.findBlockingMaster(subject, "execution")) !== null) held.add(subject.id);
  }
  return held;
}
