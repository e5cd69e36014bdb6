import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { storedSnapshot } from "./stored-snapshot.ts";

const document = { time: "2026-03-01T12:00:00Z", tree: "2".repeat(64), paths: ["/etc"] };
const file = { name: "1".repeat(64), sizeBytes: 200 };

describe("a snapshot's place in the order of arrival", () => {
  it("is what the server counted", () => {
    assert.equal(storedSnapshot(document, { ...file, sequence: 7 }).sequence, 7);
  });

  it("is that of the first one when it was stored again", () => {
    assert.equal(storedSnapshot({ ...document, arrival_sequence: 3 }, { ...file, sequence: 7 }).sequence, 3);
  });

  it("is never later than the server counted", () => {
    assert.equal(storedSnapshot({ ...document, arrival_sequence: 99 }, { ...file, sequence: 7 }).sequence, 7);
  });

  it("is unknown where no server counts, whatever the snapshot says", () => {
    assert.equal(storedSnapshot(document, file).sequence, null);
    assert.equal(storedSnapshot({ ...document, arrival_sequence: 3 }, file).sequence, null);
  });

  it("is the server's when the snapshot says nonsense", () => {
    for (const nonsense of [0, -1, 1.5, "3", null]) {
      assert.equal(storedSnapshot({ ...document, arrival_sequence: nonsense }, { ...file, sequence: 7 }).sequence, 7);
    }
  });
});
