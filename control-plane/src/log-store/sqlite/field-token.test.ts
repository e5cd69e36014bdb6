import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { tokensOf } from "@mycloud/protocol/log-query";
import fc from "fast-check";
import { fieldMark, fieldToken, fieldTokens, indexedText } from "./field-token.ts";

function createIndex(): (text: { message: string; fields?: string }, word: string) => boolean {
  const database = new DatabaseSync(":memory:");
  database.exec(
    `create virtual table word using fts5 (message, fields, detail = none, tokenize = "ascii tokenchars '_${fieldMark}'")`,
  );
  const insert = database.prepare("insert into word (rowid, message, fields) values (1, ?, ?)");
  const find = database.prepare("select rowid from word where word match ?");
  return ({ message, fields = null }, word) => {
    database.exec("delete from word");
    insert.run(message, fields);
    return find.all(word).length === 1;
  };
}

test("each word of any text, and its beginning, is found in the index", () => {
  const isFound = createIndex();
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), fc.string({ unit: "binary", maxLength: 40 })),
      (text) => {
        const message = indexedText(text);
        for (const token of tokensOf(text)) {
          assert.ok(isFound({ message }, `"${token}"`), token);
          const [letter = ""] = token;
          assert.ok(isFound({ message }, `"${letter}" *`), letter);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("a word that the text has not is not found in the index", () => {
  const isFound = createIndex();
  const word = fc.string({
    unit: fc.constantFrom("a", "b", "é", "ß", "中", "𞤀", "İ", "_", "1", fieldMark, "\0"),
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), word, (words, asked) => {
      const text = words.join(" ");
      const [token] = tokensOf(asked);
      if (token === undefined) return;
      assert.equal(isFound({ message: indexedText(text) }, `"${token}"`), tokensOf(text).includes(token));
    }),
    { numRuns: 300 },
  );
});

test("a field's word is the same for a value in any case, and another for another field, and no text has it", () => {
  assert.equal(fieldToken("user", "Zoë"), fieldToken("user", "ZOË"));
  assert.equal(fieldToken("status", 404), fieldToken("status", "404"));
  assert.notEqual(fieldToken("status", 404), fieldToken("code", 404));
  assert.notEqual(fieldToken("ab", "c"), fieldToken("a", "bc"));
  const isFound = createIndex();
  const token = fieldToken("user", "zoë");
  const fields = fieldTokens({ status: 404, user: "Zoë" });
  assert.ok(isFound({ message: "a text", fields }, `"${token}"`));
  assert.ok(!isFound({ message: indexedText(`a text with ${token}`) }, `"${token}"`));
});
