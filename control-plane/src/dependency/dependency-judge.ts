import type { TimePeriods } from "@mycloud/checks/time-period";
import type { Executor } from "../database/dialect/dialect.ts";
import type { DefinitionCache } from "../monitored/index.ts";
import {
  type DependencyIndex,
  type DependencyPurpose,
  type DependencySubject,
  failureStates,
  type MasterName,
  masterInWords,
  mastersOf,
} from "./dependency-index.ts";
import type { MasterStates } from "./master-states.ts";
import { findMasterStates, keyOf } from "./store.ts";

/** A master that stands in the way, and why. */
export interface BlockingMaster {
  readonly dependencyName: string;
  readonly master: MasterName;
  /** What it counts as now: `CRITICAL`, `DOWN`, `PENDING`. */
  readonly state: string;
  /** `depends on db1/mysql, which is CRITICAL (dependency "web on db")` */
  readonly message: string;
}

/** Answers, for one moment, which master stands in the way of something. States are read once; make a new one for the next moment. */
export interface DependencyJudge {
  /** Reads the masters of all of these in few queries, so that asking for each then costs none. */
  prepare(subjects: readonly DependencySubject[], purpose: DependencyPurpose): Promise<void>;
  findBlockingMaster(subject: DependencySubject, purpose: DependencyPurpose): Promise<BlockingMaster | null>;
}

export interface DependencyJudgeOptions {
  readonly executor: Executor;
  readonly definitions: DefinitionCache;
  readonly nowMs: number;
}

/** Makes a judge of the dependencies as they are defined, their periods and their masters' states at `nowMs`. */
export async function createDependencyJudge(options: DependencyJudgeOptions): Promise<DependencyJudge> {
  const { executor, definitions, nowMs } = options;
  const index: DependencyIndex = await definitions.dependencies(executor);
  const periods: TimePeriods = await definitions.timePeriods(executor);
  const states = new Map<string, MasterStates | null>();

  async function read(masters: readonly MasterName[]): Promise<void> {
    const unread = masters.filter((master) => !states.has(keyOf(master)));
    if (unread.length === 0) return;
    const found = await findMasterStates(executor, unread);
    for (const master of unread) states.set(keyOf(master), found.get(keyOf(master)) ?? null);
  }

  async function find(
    subject: DependencySubject,
    purpose: DependencyPurpose,
    path: readonly string[],
  ): Promise<BlockingMaster | null> {
    for (const dependency of index.of(subject, purpose)) {
      if (!periods.isInside(dependency.period, nowMs)) continue;
      const masters = mastersOf(dependency, subject);
      await read(masters);
      for (const master of masters) {
        const state = states.get(keyOf(master))?.find((name) => failureStates(dependency, purpose).includes(name));
        if (state !== undefined) return blocking(dependency.name, master, state);
        // Circles are refused when they are written; those of before are walked once.
        if (!dependency.isTransitive || path.includes(keyOf(master))) continue;
        const host = (await definitions.hostsByName(executor, new Set([master.host]))).get(master.host);
        if (host === undefined) continue;
        const above = { host, serviceName: master.service };
        const further = await find(above, purpose, [...path, keyOf(master)]);
        if (further !== null) return further;
      }
    }
    return null;
  }

  return {
    async prepare(subjects, purpose) {
      if (index.all.length === 0) return;
      const masters = new Map<string, MasterName>();
      for (const subject of subjects) {
        for (const dependency of index.of(subject, purpose)) {
          for (const master of mastersOf(dependency, subject)) masters.set(keyOf(master), master);
        }
      }
      await read([...masters.values()]);
    },
    async findBlockingMaster(subject, purpose) {
      if (index.all.length === 0) return null;
      const path = [keyOf({ host: subject.host.name, service: subject.serviceName })];
      const own = await find(subject, purpose, path);
      // What a host is not told of, its services are not either (nagios check_service_notification_viability).
      if (own !== null || subject.serviceName === null || purpose === "execution") return own;
      return await find({ host: subject.host, serviceName: null }, purpose, path);
    },
  };
}

function blocking(dependencyName: string, master: MasterName, state: string): BlockingMaster {
  const message = `depends on ${masterInWords(master)}, which is ${state} (dependency "${dependencyName}")`;
  return { dependencyName, master, state, message };
}
