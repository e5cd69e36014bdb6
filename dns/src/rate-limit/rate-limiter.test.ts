import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultRateLimits, type RateDecision, RateLimiter, type RateLimitSettings } from "./rate-limiter.ts";

const client = Uint8Array.of(192, 0, 2, 1);
const limits: RateLimitSettings = {
  ...defaultRateLimits,
  responsesPerSecond: 5,
  nxdomainsPerSecond: 2,
  errorsPerSecond: 1,
};

function count(
  limiter: RateLimiter,
  times: number,
  nowMs: number,
  address = client,
  name = "a",
): Record<RateDecision, number> {
  const counts = { send: 0, slip: 0, drop: 0 };
  for (let time = 0; time < times; time += 1) counts[limiter.decide(address, "response", name, nowMs)] += 1;
  return counts;
}

describe("RateLimiter", () => {
  it("sends a second's worth at once, and of the rest every other one cut short", () => {
    assert.deepEqual(count(new RateLimiter(limits, 7, 0), 25, 0), { send: 5, slip: 10, drop: 10 });
  });

  it("counts a flood on for the window, and no longer", () => {
    const limiter = new RateLimiter(limits, 7, 0);
    count(limiter, 10_000, 0);
    assert.equal(count(limiter, 1, 14_000).send, 0);
    assert.equal(count(limiter, 1, 17_000).send, 1);
  });

  it("lets a steady rate below the limit through for ever", () => {
    const limiter = new RateLimiter(limits, 7, 1_000_000);
    for (let second = 0; second < 1_000; second += 1) {
      assert.equal(count(limiter, 4, 1_000_000 + second * 1_000).send, 4);
    }
  });

  it("has one account for a network and another for other networks, names and classes", () => {
    const limiter = new RateLimiter(limits, 7, 0);
    count(limiter, 100, 0);
    assert.equal(count(limiter, 1, 0, Uint8Array.of(192, 0, 2, 200)).send, 0);
    assert.equal(count(limiter, 1, 0, Uint8Array.of(192, 0, 3, 1)).send, 1);
    assert.equal(count(limiter, 1, 0, client, "b").send, 1);
    assert.equal(limiter.decide(client, "nxdomain", "a", 0), "send");
    const six = (last: number, middle = 0) =>
      Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, middle, 1, 0, 0, 0, 0, 0, 0, 0, last);
    count(limiter, 100, 0, six(1));
    assert.equal(count(limiter, 1, 0, six(2)).send, 0);
    assert.equal(count(limiter, 1, 0, six(1, 9)).send, 1);
  });

  it("limits nothing where rates are 0", () => {
    const limiter = new RateLimiter(defaultRateLimits, 7, 0);
    assert.equal(limiter.isActive, false);
    assert.equal(count(limiter, 1_000, 0).send, 1_000);
  });

  it("drops everything where nothing is to slip", () => {
    assert.deepEqual(count(new RateLimiter({ ...limits, slip: 0 }, 7, 0), 25, 0), { send: 5, slip: 0, drop: 20 });
  });

  it("holds back nothing below the highest rate that may be set, and still holds back after a year", () => {
    const dayMs = 86_400_000;
    const settings = { ...defaultRateLimits, slip: 0 };
    const generous = new RateLimiter({ ...settings, responsesPerSecond: Number.MAX_SAFE_INTEGER }, 1, 0);
    for (let index = 0; index < 1_000; index += 1) {
      assert.equal(generous.decide(new Uint8Array(4), "response", "a", index), "send");
    }
    const strict = new RateLimiter({ ...settings, responsesPerSecond: 1 }, 1, 0);
    const decisions = [0, 1, 2].map((ms) => strict.decide(new Uint8Array(4), "response", "a", 365 * dayMs + ms));
    assert.deepEqual(decisions, ["send", "drop", "drop"]);
  });
});
