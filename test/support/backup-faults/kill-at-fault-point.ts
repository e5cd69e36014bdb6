import assert from "node:assert/strict";
import { argumentsOf, type ClientFault } from "./fault-plans.ts";
import { assertWhole, discard, type FaultSite, mustEnd } from "./fault-site.ts";

/** A fault, and whether the run must get there at all; a run that need not is proof of nothing. */
export interface KillPlan extends ClientFault {
  readonly isReached?: boolean;
}

/** Runs at once: most of the time they wait, for locks and for the disk. */
const runsAtOnce = 3;

/**
 * Kills a run of ours at the first arrival at a point, and with a step another some arrivals later, and so on until one ends by itself.
 * After each the repository is whole to stock restic, has every committed snapshot, and the same run again, with nobody's help, succeeds.
 * Returns how many were killed.
 */
export async function killAtFaultPoint(site: FaultSite, plan: KillPlan): Promise<number> {
  const { first = 1, step } = plan;
  let killed = 0;
  if (step === undefined) killed = Number(await killAtArrival(site, plan, first));
  else killed = await killAtArrivals(site, plan, first, step);
  if (plan.isReached !== false) assert.ok(killed > 0, `${plan.work} never got to ${plan.point}`);
  return killed;
}

async function killAtArrivals(site: FaultSite, plan: KillPlan, first: number, step: number): Promise<number> {
  let killed = 0;
  for (let nth = first; ; nth += step * runsAtOnce) {
    const arrivals = Array.from({ length: runsAtOnce }, (_, i) => nth + i * step);
    const outcomes = await Promise.all(arrivals.map((arrival) => killAtArrival(site, plan, arrival)));
    killed += outcomes.filter(Boolean).length;
    if (outcomes.includes(false)) return killed;
  }
}

/** Whether the run was killed; otherwise it ended before it got there so often. */
async function killAtArrival(site: FaultSite, plan: KillPlan, nth: number): Promise<boolean> {
  const repository = await site.copy();
  const args = argumentsOf(plan.work, site);
  const what = `${plan.work} killed at ${plan.point}:${nth}`;
  const env = { MYCLOUD_FAULT_POINT: `${plan.point}:${nth}` };
  const { signal, code, stderr } = await site.repo(repository.location, args, { env });
  if (signal === null) assert.equal(code, 0, `${what}: ${stderr}`);
  else {
    assert.equal(signal, "SIGKILL", what);
    // Half of them meet restic first and us then, half us alone: each must cope with what is left.
    if (nth % 2 === 0) await assertWhole(repository, what);
    await mustEnd(site.repo(repository.location, args));
    await assertWhole(repository, `${what}, then done again`, ["--read-data"]);
  }
  await discard(repository);
  return signal !== null;
}

/** Kills a run after some time. Returns whether it was still at work. */
export async function killAfter(site: FaultSite, args: readonly string[], delayMs: number): Promise<boolean> {
  const repository = await site.copy();
  const what = `${args[0]} killed after ${delayMs} ms`;
  const { signal } = await site.repo(repository.location, args, { timeoutMs: delayMs });
  await assertWhole(repository, what);
  await mustEnd(site.repo(repository.location, args));
  await assertWhole(repository, `${what}, then done again`, ["--read-data"]);
  await discard(repository);
  return signal === "SIGKILL";
}
