import type { ApplyProgress, ApplyRequest } from "@mycloud/protocol/resource";
import type { Logger } from "pino";
import type { ChangeBus } from "../change/index.ts";
import type { Leases } from "../database/lease.ts";
import { ConflictError } from "../error/index.ts";
import type { Actor } from "../http/actor.ts";
import type { Part } from "../part.ts";
import { createPace, runEvery } from "../schedule/index.ts";
import { type CarryOutRunDependencies, carryOutRun } from "./carry-out-run.ts";
import { beginRun, decideRun, extendRun, findDecidedRun, findStagedRuns, forgetRun, stageSteps } from "./journal.ts";
import type { Edit } from "./plan-edit.ts";
import { haveDefinitionsChanged } from "./plan-large.ts";
import { type FoundLeftovers, type Planner, type PlanSummary, type PlanWork, startPlanner } from "./planner.ts";
import { sealStep } from "./step.ts";

export interface AppliesDependencies extends CarryOutRunDependencies {
  readonly leases: Leases;
  readonly changes: ChangeBus;
  readonly logger: Logger;
  /** Where the database is, with its password: the planner opens it for itself. */
  readonly databaseLocation: string;
  readonly describeCommands: () => Promise<readonly { readonly name: string }[]>;
}

/** An apply that is asked for. */
export interface LargeApply {
  readonly actor: Actor;
  readonly prune: ApplyRequest["prune"];
  /** Instead of definitions: the feed then gives none. */
  readonly edit?: Edit;
  readonly dryRun: boolean;
  /** Gives the planner all definitions, as lines of JSON. */
  readonly feed: (take: Planner["take"]) => Promise<void>;
  readonly report: (progress: ApplyProgress) => void;
  /** Fires when nobody waits any more: what is not decided by then is given up. */
  readonly signal: AbortSignal;
}

/** What came of an apply, with its plan to be read out. */
export interface LargeApplied {
  readonly summary: PlanSummary;
  /** Changes that could not be carried out, because of what somebody else did meanwhile. */
  readonly skipped: number;
  readonly changes: Planner["changes"];
}

export interface Applies {
  /** Plans and, unless it is a dry run, carries out; `use` gets what came of it. Throws InputError or ConflictError before anything is changed. */
  run<T>(apply: LargeApply, use: (applied: LargeApplied) => Promise<T>): Promise<T>;
  /** Goes on with what an earlier process decided. */
  readonly part: Part;
}

const leaseMs = 20_000;
const resumeIntervalMs = 2_000;
const maximumPlans = 5;
/** Each puts right what was saved during the one before; what is left after them is in conflict. */
const maximumRounds = 3;

/** Wires large applies: one at a time, whichever control plane it is asked of. */
export function createApplies(dependencies: AppliesDependencies): Applies {
  const { database, leases, changes, logger, now } = dependencies;
  let isBusy = false;
  let resuming: ReturnType<typeof runEvery> | undefined;
  const stopping = new AbortController();

  /** Runs work while no other apply runs anywhere; false when one does. */
  async function alone(work: () => Promise<void>): Promise<boolean> {
    if (isBusy) return false;
    isBusy = true;
    try {
      return await leases.runLeased("apply", leaseMs, work);
    } finally {
      isBusy = false;
    }
  }

  async function plan(planner: Planner, apply: LargeApply): Promise<{ summary: PlanSummary; applyId: number | null }> {
    for (let attempt = 1; attempt <= maximumPlans; attempt++) {
      apply.report({ phase: "planning", done: 0, total: 0 });
      const summary = await planner.plan();
      const { counts, servicesCreated, servicesRemoved } = summary;
      const total = counts.create + counts.update + counts.delete + servicesCreated + servicesRemoved;
      if (apply.dryRun || summary.steps === 0) return { summary, applyId: null };
      const applyId = await beginRun(database, apply.actor, total, now());
      try {
        await stage(planner, { from: 0, count: summary.steps }, applyId, apply.signal);
      } catch (error) {
        await forgetRun(database, applyId);
        throw error;
      }
      // Somebody may have changed what was planned by: then it is planned again.
      const isDecided = await database.transaction(async (tx) => {
        if (await haveDefinitionsChanged(tx, summary.newestAuditId)) return false;
        await decideRun(tx, applyId);
        return true;
      });
      if (isDecided) return { summary, applyId };
      await forgetRun(database, applyId);
    }
    throw new ConflictError("definitions kept changing while these were planned; nothing was changed; try again");
  }

  /** Keeps the planner's steps, the first as number `from` of the apply. */
  async function stage(
    planner: Planner,
    { from, count }: { readonly from: number; readonly count: number },
    applyId: number,
    signal: AbortSignal,
  ): Promise<void> {
    const pace = createPace();
    for (let at = 0; at < count; ) {
      const bodies = await planner.steps(at);
      const sealed = bodies.map((body) => sealStep(dependencies.sealer, body));
      await stageSteps(database, applyId, from + at, sealed);
      at += Math.max(bodies.length, 1);
      await pace.rest(0);
      signal.throwIfAborted();
    }
  }

  /** Carries out what is decided, this process's or one's that is gone. */
  async function goOn(planner: Planner, applyId: number, report: LargeApply["report"]): Promise<number> {
    let skipped = await carryOutRun(applyId, dependencies, report, stopping.signal);
    for (let round = 1; round <= maximumRounds; round++) {
      const { steps: count, services } = await findLeftovers(planner, applyId);
      if (count === 0) break;
      logger.info({ apply: applyId, services }, "definitions were saved while a large change was carried out");
      await stage(planner, { from: await extendRun(database, applyId, services), count }, applyId, stopping.signal);
      skipped += await carryOutRun(applyId, dependencies, report, stopping.signal);
    }
    await forgetRun(database, applyId);
    changes.publish("definitions", null);
    // Zones may have been among them: who carries on after another process does not know, and looking once more costs little.
    changes.publish("dns-zones", null);
    return skipped;
  }

  /** A change that is carried out must not come again and again because looking over it fails. */
  async function findLeftovers(planner: Planner, applyId: number): Promise<FoundLeftovers> {
    try {
      return await planner.leftovers();
    } catch (err) {
      logger.error({ err, apply: applyId }, "whether a large change has left services out cannot be told");
      return { steps: 0, services: 0 };
    }
  }

  async function clean(planner: Planner): Promise<void> {
    for (const id of await findStagedRuns(database, now() + 1)) await forgetRun(database, id);
    for (let id = await findDecidedRun(database); id !== undefined; id = await findDecidedRun(database)) {
      logger.info({ apply: id }, "an apply that was interrupted is carried out");
      await goOn(planner, id, () => undefined);
    }
  }

  /** Carries out what a process that is gone has left. */
  async function resume(): Promise<void> {
    const planner = plannerOf({ prune: [], commands: [], edit: null });
    try {
      await alone(() => clean(planner));
    } finally {
      await planner.close();
    }
  }

  function plannerOf(work: Omit<PlanWork, "location">): Planner {
    return startPlanner({ location: dependencies.databaseLocation, ...work });
  }

  return {
    async run(apply, use) {
      const commands = (await dependencies.describeCommands()).map(({ name }) => name);
      const planner = plannerOf({ prune: apply.prune, commands, edit: apply.edit ?? null });
      try {
        await apply.feed(planner.take);
        let made: LargeApplied | undefined;
        const isMine = await alone(async () => {
          await clean(planner);
          const { summary, applyId } = await plan(planner, apply);
          const skipped = applyId === null ? 0 : await goOn(planner, applyId, apply.report);
          made = { summary, skipped, changes: planner.changes };
        });
        if (!isMine || made === undefined) {
          throw new ConflictError("another apply is being carried out; try again when it is done");
        }
        return await use(made);
      } finally {
        await planner.close();
      }
    },
    part: {
      name: "apply",
      async start() {
        const job = async () => {
          if ((await findDecidedRun(database)) !== undefined) await resume();
        };
        resuming = runEvery({ name: "apply", intervalMs: resumeIntervalMs, job, logger });
      },
      async stop() {
        stopping.abort();
        await resuming?.stop();
      },
    },
  };
}
