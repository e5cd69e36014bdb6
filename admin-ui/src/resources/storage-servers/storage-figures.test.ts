import assert from "node:assert/strict";
import { test } from "node:test";
import { fullText, storageFigures, storageWords } from "./storage-figures.ts";

test("the figures of a storage server are read from its service", () => {
  assert.deepEqual(
    storageFigures("used=850B;900;950;0;1000 days_until_full=9.8;14:;3:;0 repositories=4;;;0 bad_objects=1;;;0"),
    { daysUntilFull: 9.8, usedBytes: 850, repositories: 4, badObjects: 1 },
  );
  assert.deepEqual(storageFigures(""), { daysUntilFull: null, usedBytes: null, repositories: null, badObjects: null });
});

test("what it says stands without the state, which is shown beside it", () => {
  assert.equal(storageWords("STORAGE WARNING - 2 GiB of 9 GiB free"), "2 GiB of 9 GiB free");
  assert.equal(storageWords("is blind"), "is blind");
});

test("days until full are exact when there are few", () => {
  assert.equal(fullText(null), "not as it goes");
  assert.equal(fullText(2.71), "in 2.7 days as it goes");
  assert.equal(fullText(67.4), "in 67 days as it goes");
  assert.equal(fullText(4000), "in more than a year");
});
