// Whatever happens to a client, no committed snapshot is lost and stock restic finds the repository sound. `npm run test:faults` does the
// same at every single point and many more times.
import assert from "node:assert/strict";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { requireRestic } from "../peers/restic.ts";
import {
  argumentsOf,
  assertWhole,
  clientFaults,
  type FaultSite,
  killAfter,
  killAtFaultPoint,
  makeFaultSite,
  mustEnd,
  runBusyClients,
} from "../support/backup-faults/index.ts";

describe("a repository stays whole", () => {
  let site: FaultSite;
  before(async () => {
    site = await makeFaultSite("backup-faults");
  });

  for (const work of new Set(clientFaults.map((fault) => fault.work))) {
    test(`when a ${work} is killed at any step`, async (t) => {
      if (!requireRestic(t)) return;
      for (const fault of clientFaults) if (fault.work === work) await killAtFaultPoint(site, fault);
    });
  }

  test("when it was being made, and is made again", async (t) => {
    if (!requireRestic(t)) return;
    const points = [
      "durable-file/written:1",
      "durable-file/renamed:1",
      "durable-file/synced:2",
      "durable-file/renamed:2",
    ];
    const makings = points.map(async (point, i) => {
      const location = join(site.root, `made-${i}`);
      const { signal } = await site.repo(location, ["init"], { env: { MYCLOUD_FAULT_POINT: point } });
      assert.equal(signal, "SIGKILL", point);
      // Killed after the config was there, it is made already.
      const { code, stderr } = await site.repo(location, ["init"]);
      assert.equal(code === 0, point !== "durable-file/renamed:2", `${point}: ${stderr}`);
      await mustEnd(site.repo(location, ["backup", "--quiet", site.before]));
      await assertWhole({ location, committed: [] }, point);
    });
    await Promise.all(makings);
  });

  test("when a backup is killed at any time", async (t) => {
    if (!requireRestic(t)) return;
    let killed = 0;
    for (const delayMs of [150, 300, 450])
      killed += Number(await killAfter(site, argumentsOf("backup", site), delayMs));
    assert.ok(killed > 0);
  });

  test("when the disk is full at any moment of a backup, and the message says so", async (t) => {
    if (!requireRestic(t)) return;
    const repository = await site.copy();
    for (const nth of [1, 2, 4]) {
      const env = { MYCLOUD_FAULT_POINT: `durable-file/written:${nth}:enospc` };
      const { code, stderr } = await site.repo(repository.location, ["backup", "--quiet", site.after], { env });
      assert.equal(code, 73, stderr);
      assert.match(stderr, /cannot be written: the disk is full/);
      await assertWhole(repository, `disk full at file ${nth}`);
    }
    await mustEnd(site.repo(repository.location, ["backup", "--quiet", site.after]));
    await assertWhole(repository, "room again", ["--read-data"]);
  });

  test("when eight clients use it at once while it is forgotten from and pruned", async (t) => {
    if (!requireRestic(t)) return;
    await runBusyClients(site, { clients: 8, rounds: 2 });
  });
});
