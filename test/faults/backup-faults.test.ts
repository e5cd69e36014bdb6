// `npm run test:faults`: a client is killed at every arrival at every fault point, at many random times, and many clients work for longer.
// Takes some minutes; FAULT_SEED repeats the random times of a run.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type FaultPointName, faultPoints } from "@mycloud/backup/fault-point";
import {
  argumentsOf,
  type FaultSite,
  killAfter,
  killAtFaultPoint,
  makeFaultSite,
  pointsOfUnitTests,
  runBusyClients,
} from "../support/backup-faults/index.ts";

const seed = Number(process.env.FAULT_SEED ?? Date.now() % 2 ** 31);

describe(`a repository stays whole (FAULT_SEED=${seed})`, () => {
  let site: FaultSite;
  let reached: Set<FaultPointName>;
  before(async () => {
    site = await makeFaultSite("backup-faults-all");
    reached = new Set();
  });

  // The storage server's own points are gone through where it is tested.
  const clientPoints = faultPoints.filter((point) => !point.startsWith("storage/"));
  for (const work of ["backup", "prune", "forget", "repair"] as const) {
    test(`when ${work} is killed at every fault point`, async () => {
      for (const point of clientPoints) {
        const killed = await killAtFaultPoint(site, { work, point, step: 1, isReached: false });
        if (killed > 0) reached.add(point);
      }
    });
  }

  test("at every fault point there is", () => {
    const missing = clientPoints.filter((point) => !reached.has(point));
    assert.deepEqual(missing, Object.keys(pointsOfUnitTests));
  });

  test("when backup and prune are killed at random times", async () => {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state / 0x80000000;
    };
    for (let i = 0; i < 20; i++) {
      await killAfter(site, argumentsOf("backup", site), 100 + random() * 600);
      await killAfter(site, argumentsOf("prune", site), 100 + random() * 600);
    }
  });

  test("when eight clients work for long while it is forgotten from and pruned", async () => {
    await runBusyClients(site, { clients: 8, rounds: 10 });
  });
});
