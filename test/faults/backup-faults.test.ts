// `npm run test:faults`: a client is killed at every arrival at every fault point, at many random times, and many clients work for longer.
// Takes some minutes; FAULT_SEED repeats the random times of a run.
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { type FaultPointName, faultPoints } from "@mycloud/backup/fault-point";
import {
  type FaultSite,
  killAfter,
  killAtFaultPoint,
  makeFaultSite,
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
  for (const verb of ["backup", "prune", "forget", "repair"]) {
    test(`when ${verb} is killed at every fault point`, async () => {
      const args: Record<string, string[]> = {
        backup: ["backup", "--quiet", site.after],
        prune: ["prune", "--quiet", "--max-unused", "0"],
        repair: ["repair", "index", "--quiet", "--read-all-packs"],
        forget: ["forget", "--quiet", "--keep-last", "2", "--prune"],
      };
      for (const point of clientPoints) {
        const killed = await killAtFaultPoint(site, { point, args: args[verb] ?? [], isReached: false });
        if (killed > 0) reached.add(point);
      }
    });
  }

  test("at every fault point there is", () => {
    // A lock is refreshed only by work that takes minutes; its own tests kill it there.
    assert.deepEqual(
      clientPoints.filter((point) => !reached.has(point)),
      ["lock/refreshed"],
    );
  });

  test("when backup and prune are killed at random times", async () => {
    let state = seed;
    const random = () => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return state / 0x80000000;
    };
    for (let i = 0; i < 20; i++) {
      await killAfter(site, ["backup", "--quiet", site.after], 100 + random() * 600);
      await killAfter(site, ["prune", "--quiet", "--max-unused", "0"], 100 + random() * 600);
    }
  });

  test("when eight clients work for long while it is forgotten from and pruned", async () => {
    await runBusyClients(site, { clients: 8, rounds: 10 });
  });
});
