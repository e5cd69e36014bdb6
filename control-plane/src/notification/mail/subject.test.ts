import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { firstSubject, replySubject } from "./subject.ts";

const table: [string, string | null, string, string][] = [
  ["CRITICAL", "disk", "/ 97% used", "[MyCloud] CRITICAL web1/disk: / 97% used"],
  ["CRITICAL", "disk", "DISK CRITICAL - free space: / 1 GB", "[MyCloud] CRITICAL web1/disk: free space: / 1 GB"],
  ["WARNING", "load", "WARNING: load is 9", "[MyCloud] WARNING web1/load: load is 9"],
  ["WARNING", "x", "WARNINGS are many", "[MyCloud] WARNING web1/x: WARNINGS are many"],
  ["DOWN", null, "", "[MyCloud] DOWN web1"],
  ["CRITICAL", "a\r\nBcc: eve@example.org", "x\ny", "[MyCloud] CRITICAL web1/a Bcc: eve@example.org: x y"],
  [
    "CRITICAL",
    "log",
    "the quick brown fox jumps over the lazy dog and runs away into the dark wood",
    "[MyCloud] CRITICAL web1/log: the quick brown fox jumps over the lazy dog and runs away…",
  ],
];
for (const [state, service, output, expected] of table) {
  test(`the subject is ${expected}`, () => assert.equal(firstSubject(state, "web1", service, output), expected));
}

test("whatever names and output contain, the subject is one line of bounded length", () => {
  const text = fc.string({ unit: "binary", maxLength: 400 });
  fc.assert(
    fc.property(text, text, text, (host, service, output) => {
      const subject = firstSubject("CRITICAL", host, service, output);
      assert.doesNotMatch(subject, /[\p{Cc}\p{Zl}\p{Zp}]/u);
      assert.ok(subject.length <= 260 && subject.isWellFormed());
    }),
  );
});

test("a reply keeps the subject and says Re: once", () => {
  assert.equal(replySubject(replySubject("[MyCloud] DOWN web1")), "Re: [MyCloud] DOWN web1");
});
