import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldWords, readFieldWord, readFieldWords } from "./field-words.ts";

test("fields are written as name=value, and read back as they were", () => {
  const fields = { env: "prod", rack: 12, isEdge: true, zip: "01067", note: "a = b" };
  assert.deepEqual(readFieldWords(fieldWords(fields)), fields);
});

test("what is no field is not taken", () => {
  for (const word of ["", "env", "=prod", "env=", "two words=x"]) assert.equal(readFieldWord(word), null, word);
});
