import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WeightedRrset } from "@mycloud/protocol/name-server";
import { recordTypes } from "../record/index.ts";
import { ask, configuration, makeZone, setUp, show, write, zoneConfiguration, zoneKey } from "./testing/set-up.ts";

const lines = [
  "@ A 192.0.2.9",
  "w A 192.0.2.1",
  "w A 192.0.2.2",
  "w A 192.0.2.3",
  "alias CNAME w",
  "*.wild A 192.0.2.1",
  "*.wild A 192.0.2.2",
];
const asked = (name = "w.example.org.") => write({ name, type: recordTypes.A });

function withWeights(weights: readonly number[], answers: number | null, name = "W.example.org") {
  let draw = 0;
  const set = setUp({ random: () => (draw++ % 100) / 100 });
  const data = weights.map((weight, index) => ({ data: `192.0.2.${index + 1}`, weight }));
  const weighted: WeightedRrset[] = [{ name, type: "A", weights: data, answers }];
  set.server.reconfigure(configuration({ zones: [zoneConfiguration({ weighted })] }));
  set.server.setZone(zoneKey, makeZone(1, lines));
  const counts = (name?: string) => {
    const firsts: Record<string, number> = {};
    for (let time = 0; time < 100; time += 1) {
      const records = show(ask(set.server, asked(name)).answer).filter((each) => each.startsWith("A "));
      const text = records.join(" ");
      firsts[text] = (firsts[text] ?? 0) + 1;
    }
    return firsts;
  };
  return { ...set, counts };
}

describe("weighted records", () => {
  it("come first as often as they weigh, and all go along", () => {
    const { counts } = withWeights([70, 30, 0], null);
    assert.deepEqual(counts(), {
      "A 192.0.2.1 A 192.0.2.2 A 192.0.2.3": 70,
      "A 192.0.2.2 A 192.0.2.3 A 192.0.2.1": 30,
    });
  });

  it("are handed out one at a time where one is wanted, by whatever name leads to them", () => {
    const { counts } = withWeights([90, 10, 0], 1);
    assert.deepEqual(counts(), { "A 192.0.2.1": 90, "A 192.0.2.2": 10 });
    assert.deepEqual(counts("alias.example.org."), { "A 192.0.2.1": 90, "A 192.0.2.2": 10 });
    assert.deepEqual(counts("example.org."), { "A 192.0.2.9": 100 });
  });

  it("are all alike where none weighs anything, and come in sets of as many as are wanted", () => {
    assert.equal(Object.keys(withWeights([0, 0, 0], 1).counts()).length, 3);
    const pairs = Object.keys(withWeights([1, 1, 1], 2).counts());
    assert.ok(pairs.length > 1 && pairs.every((pair) => pair.split(" ").length === 4), pairs.join());
    assert.deepEqual(Object.keys(withWeights([1, 0, 0], 2).counts()), ["A 192.0.2.1"]);
  });

  it("of a wildcard count for the names it stands for", () => {
    const { counts } = withWeights([0, 1], 1, "*.wild.example.org.");
    assert.deepEqual(counts("x.wild.example.org."), { "A 192.0.2.2": 100 });
  });

  it("change with the configuration", () => {
    const { server, counts } = withWeights([1, 0, 0], 1);
    assert.deepEqual(counts(), { "A 192.0.2.1": 100 });
    const weights = [
      { data: "192.0.2.3", weight: 5 },
      { data: "192.0.2.2", weight: 0 },
      { data: "192.0.2.1", weight: 0 },
    ];
    const weighted = [{ name: "w.example.org.", type: "A", weights, answers: 1 }];
    server.reconfigure(configuration({ zones: [zoneConfiguration({ weighted })] }));
    assert.deepEqual(counts(), { "A 192.0.2.3": 100 });
  });
});
