import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { tokensOf } from "@mycloud/protocol/log-query";
import fc from "fast-check";
import { fieldMark, fieldToken, indexedText, indexedToken } from "./field-token.ts";

function createIndex(): (message: string, phrase: string) => boolean {
  const database = new DatabaseSync(":memory:");
  database.exec(
    `create virtual table word using fts5 (message, tokenize = "unicode61 remove_diacritics 0 tokenchars '_${fieldMark}'")`,
  );
  const insert = database.prepare("insert into word (rowid, message) values (1, ?)");
  const find = database.prepare("select rowid from word where word match ?");
  return (message, phrase) => {
    database.exec("delete from word");
    insert.run(message);
    return find.all(phrase).length === 1;
  };
}

test("each word of any text, and all of them as a phrase, are found in the index", () => {
  const isFound = createIndex();
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }), (text) => {
      const tokens = tokensOf(text);
      if (tokens.length === 0) return;
      const phrase = tokens.map(indexedToken).join(" ");
      assert.ok(isFound(indexedText(text), `"${phrase}"`), phrase);
      for (const token of tokens) {
        assert.ok(isFound(indexedText(text), `"${indexedToken(token)}"`));
        const [letter = ""] = token;
        assert.ok(isFound(indexedText(text), `"${indexedToken(letter)}" *`));
      }
    }),
    { numRuns: 300 },
  );
});

test("a word that the text has not is not found in the index", () => {
  const isFound = createIndex();
  const word = fc.string({
    unit: fc.constantFrom("a", "b", "é", "ß", "中", "𞤀", "İ", "_", "1"),
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), word, (words, asked) => {
      const text = words.join(" ");
      const [token = ""] = tokensOf(asked);
      assert.equal(isFound(indexedText(text), `"${indexedToken(token)}"`), tokensOf(text).includes(token));
    }),
    { numRuns: 300 },
  );
});

test("a field's word is the same for a value in any case, and another for another field", () => {
  assert.equal(fieldToken("user", "Zoë"), fieldToken("user", "ZOË"));
  assert.equal(fieldToken("status", 404), fieldToken("status", "404"));
  assert.notEqual(fieldToken("status", 404), fieldToken("code", 404));
});
