import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { resultCodes } from "../message/index.ts";
import { ManualClock } from "../name-server/testing/manual-clock.ts";
import { RelayedUpdates } from "./relayed-updates.ts";

function setUp() {
  const clock = new ManualClock();
  const updates = new RelayedUpdates(clock);
  const ids: string[] = [];
  const answers: ((rcode: number) => void)[] = [];
  const pass = (...identity: string[]) =>
    updates.pass(identity, (id) => {
      ids.push(id);
      return new Promise((resolve) => answers.push(resolve));
    });
  return { clock, updates, ids, answers, pass };
}

describe("updates on their way", () => {
  it("are passed on once while they are waited for, and everybody hears what came of them", async () => {
    const { ids, answers, pass, updates } = setUp();
    const both = [pass("client", "message"), pass("client", "message")];
    const other = pass("client", "message 2");
    assert.equal(new Set(ids).size, 2);
    for (const [index, answer] of answers.entries()) answer(index + 5);
    assert.deepEqual(await Promise.all([...both, other]), [5, 5, 6]);
    assert.equal(updates.pending, 0);
  });

  it("have the same id when they come again soon after, and another one when they come a day later", async () => {
    const { ids, answers, pass, clock } = setUp();
    for (const waitMs of [0, 30_000, 86_400_000]) {
      await clock.advance(waitMs);
      const passed = pass("client", "message");
      answers.at(-1)?.(0);
      await passed;
    }
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[1], ids[2]);
    assert.ok(ids.every(({ length }) => length <= 64));
  });

  it("fail where nobody decides in time, where that fails, when it is over, and where there are too many", async () => {
    const { pass, clock, updates } = setUp();
    const late = pass("late");
    await clock.advance(15_000);
    assert.equal(await late, resultCodes.SERVFAIL);
    assert.equal(await updates.pass(["away"], () => Promise.reject(new Error("away"))), resultCodes.SERVFAIL);
    const many = Array.from({ length: 101 }, (_, index) => pass(String(index)));
    assert.equal(await many[100], resultCodes.SERVFAIL);
    assert.equal(updates.pending, 100);
    updates.close();
    assert.ok((await Promise.all(many)).every((rcode) => rcode === resultCodes.SERVFAIL));
    assert.equal(await pass("after"), resultCodes.SERVFAIL);
  });
});
