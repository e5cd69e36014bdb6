import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { openSnapshotOrder } from "./index.ts";

const directory = mkdtempSync(join(tmpdir(), "mycloud-order-"));
after(() => rmSync(directory, { recursive: true }));

test("snapshots are counted in the order they come, whatever the clock says, and keep their place", async () => {
  const file = join(directory, "a", "order");
  const order = await openSnapshotOrder(file);
  assert.equal(order.latest(), undefined);
  assert.equal((await order.add("x", 5_000)).sequence, 1);
  assert.equal((await order.add("y", 1_000)).sequence, 2);
  assert.equal((await order.add("x", 9_000)).sequence, 1);
  const again = await openSnapshotOrder(file);
  assert.deepEqual(again.latest(), { id: "y", sequence: 2, receivedAtMs: 1_000 });
  assert.equal((await again.add("z", 0)).sequence, 3);
});

test("many at once each get a place of their own", async () => {
  const order = await openSnapshotOrder(join(directory, "many"));
  const arrivals = await Promise.all(Array.from({ length: 50 }, (_, at) => order.add(`id${at}`, at)));
  assert.deepEqual(
    arrivals.map(({ sequence }) => sequence).sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, at) => at + 1),
  );
});

test("a line that a crash cut off costs nothing but itself", async () => {
  const file = join(directory, "torn");
  await (await openSnapshotOrder(file)).add("x", 1);
  appendFileSync(file, '{"id":"y","sequ');
  const looking = await openSnapshotOrder(file, { isReadOnly: true });
  assert.equal(looking.latest()?.id, "x");
  assert.match(readFileSync(file, "utf8"), /sequ$/);
  const order = await openSnapshotOrder(file);
  assert.equal((await order.add("z", 2)).sequence, 2);
  assert.equal((await openSnapshotOrder(file)).find("z")?.sequence, 2);
});

test("snapshots that others put there follow in the order given", async () => {
  const order = await openSnapshotOrder(join(directory, "found"));
  await order.add("known", 7);
  await order.addMissing([
    { id: "b", receivedAtMs: 1 },
    { id: "known", receivedAtMs: 2 },
    { id: "a", receivedAtMs: 3 },
  ]);
  assert.deepEqual(
    ["known", "b", "a"].map((id) => order.find(id)?.sequence),
    [1, 2, 3],
  );
});
