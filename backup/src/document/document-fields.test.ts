import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DocumentFields } from "./index.ts";

const fieldsOf = (document: unknown) => new DocumentFields(document, (message) => new RangeError(message));

describe("the fields of a document", () => {
  test("are what they were asked for as", () => {
    const fields = fieldsOf({ name: "a", count: 3, ratio: 0.5, isOpen: true, tags: ["x"], none: null });
    assert.equal(fields.text("name"), "a");
    assert.equal(fields.wholeNumber("count", { least: 3 }), 3);
    assert.equal(fields.number("ratio"), 0.5);
    assert.equal(fields.flag("isOpen"), true);
    assert.deepEqual([fields.texts("tags"), fields.texts("none"), fields.texts("missing")], [["x"], [], []]);
    assert.deepEqual([fields.has("none"), fields.hasValue("none"), fields.has("missing")], [true, false, false]);
  });

  test("that are missing have a fallback, which null has not", () => {
    const fields = fieldsOf({ none: null });
    assert.equal(fields.text("missing", { fallback: "b" }), "b");
    assert.equal(fields.wholeNumber("missing", { fallback: 7 }), 7);
    assert.equal(fields.flag("missing"), false);
    assert.throws(() => fields.text("none", { fallback: "b" }), /none is null/);
    assert.throws(() => fields.text("missing"), /missing is missing/);
  });

  test("of another kind are refused, with what is there and what was expected", () => {
    const fields = fieldsOf({ name: 1, count: 1.5, less: -1, isOpen: "yes", tags: [1], many: "x", ratio: "1" });
    assert.throws(() => fields.text("name"), {
      name: "RangeError",
      message: "name is 1, and not a text of the right form",
    });
    assert.throws(() => fields.wholeNumber("count"), /count is 1.5, and not a whole number/);
    assert.throws(() => fields.wholeNumber("less", { least: 0 }), /less is -1, and not a whole number from 0/);
    assert.throws(() => fields.flag("isOpen"), /isOpen is "yes"/);
    assert.throws(() => fields.texts("tags"), /tags is \[1\]/);
    assert.throws(() => fields.texts("many"), RangeError);
    assert.throws(() => fields.number("ratio"), RangeError);
    for (const other of [null, [], "text", 1]) assert.throws(() => fieldsOf(other), /no JSON object/);
  });
});
