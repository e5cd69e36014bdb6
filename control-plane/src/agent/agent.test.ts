import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { admit, initialAdmission } from "./admission.ts";
import { replaceMacros } from "./replace-macros.ts";

const host = { name: "web1", address: "192.0.2.7", labels: { role: "web $HOSTNAME$", "mount.data": "/srv" } };

test("macros are replaced by the host's name, address and labels", () => {
  for (const [text, expected] of [
    ["$HOSTNAME$", "web1"],
    ["http://$HOSTADDRESS$:80/", "http://192.0.2.7:80/"],
    ["$_HOSTROLE$", "web $HOSTNAME$"],
    ["$_HOSTMOUNT_DATA$", "/srv"],
    ["$_HOSTUNKNOWN$ $USER1$", "$_HOSTUNKNOWN$ $USER1$"],
    ["5$$", "5$"],
    ["$HOSTNAME$HOSTNAME$", "web1HOSTNAME$"],
    ["no macro, $", "no macro, $"],
  ] as const) {
    assert.equal(replaceMacros(text, host), expected, text);
  }
  assert.equal(replaceMacros("$HOSTADDRESS$", { ...host, address: null }), "web1");
});

const policy = { perSecond: 100, burst: 200, maximumWaitSeconds: 60 };

test("a storm is admitted at the set rate, and later comers are told later times", () => {
  let state = initialAdmission(policy, 0);
  const waits: number[] = [];
  for (let index = 0; index < 2000; index++) {
    const verdict = admit(policy, state, 0);
    state = verdict.state;
    if (verdict.retryAfterSeconds !== undefined) waits.push(verdict.retryAfterSeconds);
  }
  assert.equal(waits.length, 1800);
  assert.equal(waits[0], 1);
  assert.equal(waits.at(-1), 18);
  assert.deepEqual(
    waits,
    [...waits].sort((a, b) => a - b),
  );
});

test("no more than burst plus rate are ever let in", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 2000 }), (gaps) => {
      let state = initialAdmission(policy, 0);
      let now = 0;
      let admitted = 0;
      for (const gap of gaps) {
        now += gap;
        const verdict = admit(policy, state, now);
        state = verdict.state;
        if (verdict.retryAfterSeconds === undefined) admitted++;
        else assert.ok(verdict.retryAfterSeconds >= 1 && verdict.retryAfterSeconds <= 60);
      }
      assert.ok(admitted <= policy.burst + (now / 1000) * policy.perSecond);
    }),
  );
});

test("after a quiet time a request is let in at once", () => {
  let state = initialAdmission(policy, 0);
  for (let index = 0; index < 500; index++) state = admit(policy, state, 0).state;
  assert.equal(admit(policy, state, 10_000).retryAfterSeconds, undefined);
});
