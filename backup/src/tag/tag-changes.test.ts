import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { changedTags, checkTagChanges, type TagChanges } from "./tag-changes.ts";

describe("changes of tags", () => {
  const cases: readonly [string, readonly string[], TagChanges, readonly string[] | null][] = [
    ["add what is missing, behind what is there", ["a"], { add: ["b", "a", "c"] }, ["a", "b", "c"]],
    ["remove what is there", ["a", "b"], { remove: ["a", "x"] }, ["b"]],
    ["remove what they add", ["a"], { add: ["b"], remove: ["b"] }, null],
    ["set all anew, each once", ["a"], { set: ["b", "c", "b"] }, ["b", "c"]],
    ["take all away with one empty tag", ["a"], { set: [""] }, []],
    ["take all away with no tag", ["a"], { set: [] }, []],
    ["change nothing where all is so already", ["a", "b"], { add: ["b"] }, null],
    ["change nothing where the same is set", ["a", "b"], { set: ["a", "b"] }, null],
    ["change nothing where none are set and none are there", [], { set: [""] }, null],
  ];
  for (const [name, present, changes, expected] of cases) {
    it(name, () => assert.deepEqual(changedTags(present, changes), expected));
  }

  it("are refused when there are none or of both kinds", () => {
    const input = { code: "MYCLOUD_BACKUP_INPUT" };
    assert.throws(() => checkTagChanges({}), input);
    assert.throws(() => checkTagChanges({ add: [], remove: [] }), input);
    assert.throws(() => checkTagChanges({ set: ["a"], add: ["b"] }), input);
    assert.doesNotThrow(() => checkTagChanges({ set: [] }));
  });
});
