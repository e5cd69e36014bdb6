import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Rrset } from "@mycloud/protocol/dns-zone";
import { emptyRecord, fieldsOf, freshFields, type PendingChange, readFields, wishesOf } from "./draft.ts";

const www: Rrset = {
  ...{ id: 7, name: "www", type: "A", ttlSeconds: 60, minimumAnswers: 1, answers: null, comment: "", owner: "web" },
  records: [{ data: "192.0.2.1", weight: 3, service: { host: "web1", service: "http/8080" } }, { data: "192.0.2.2" }],
  ...{ source: "people", revision: 12, changedAtMs: 0, published: null },
};

describe("fields of an RRset", () => {
  test("come back as the RRset they were made of", () => {
    const read = readFields(fieldsOf(www));
    assert.ok("rrset" in read);
    assert.deepEqual(read.rrset.records, www.records);
    assert.equal(read.rrset.ttlSeconds, 60);
  });

  test("say what cannot be read, with what was written and what was expected", () => {
    const read = readFields({
      ...freshFields,
      name: " ",
      ttl: "1h",
      records: [{ ...emptyRecord, data: "x", tier: "a" }],
    });
    assert.ok("faults" in read);
    assert.deepEqual(read.faults, {
      name: "a name is needed; @ is the zone's own",
      ttl: 'TTL is "1h"; expected a whole number',
      records: 'tier is "a"; expected a whole number',
    });
  });

  test("leave empty rows out, and need one that is not", () => {
    const read = readFields({ ...freshFields, name: "@", records: [emptyRecord, emptyRecord] });
    assert.ok("faults" in read && read.faults.records === "at least one record is needed");
  });
});

describe("pending changes", () => {
  const wishes = (change: PendingChange) => wishesOf(new Map([[7, change]]));

  test("carry the revision that they were made of", () => {
    const [wish] = wishes({ original: www, fields: { ...fieldsOf(www), ttl: "" } });
    assert.ok(wish?.action === "set");
    assert.equal(wish.expectedRevision, 12);
    assert.equal(wish.rrset.ttlSeconds, null);
  });

  test("take away what is moved to another name, before it is made there", () => {
    const list = wishes({ original: www, fields: { ...fieldsOf(www), name: "web" } });
    assert.deepEqual(
      list.map((wish) => [wish.action, wish.expectedRevision]),
      [
        ["delete", 12],
        ["set", null],
      ],
    );
  });

  test("leave out what cannot be read", () => {
    assert.deepEqual(wishes({ original: null, fields: freshFields }), []);
  });
});
