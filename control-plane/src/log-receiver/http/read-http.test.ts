import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InputError } from "../../error/index.ts";
import { compileLogSenders, createHostDirectory } from "../../log-sender/index.ts";
import type { RecordContext } from "../record/finish-record.ts";
import { senderDefinition } from "../testing/test-receiver.ts";
import { findBasicSender } from "./basic-sender.ts";
import { maximumLines, readLines } from "./read-lines.ts";

const [sender = assert.fail()] = compileLogSenders([senderDefinition({ customer: "acme" })]);
const context: RecordContext = {
  identity: sender.identity,
  hosts: createHostDirectory([]),
  receivedAtMs: Date.UTC(2026, 10, 23),
  peerAddress: "192.0.2.7",
  retentionDays: 30,
};

test("each line is a record; empty ones are none; the time is no field", () => {
  const records = readLines('{"message":"a","time":1795392000}\r\n\n  {"msg":"b","n":1}', context);
  assert.deepEqual(
    records.map(({ message, fields, timeUs }) => [message, fields, timeUs]),
    [
      ["a", {}, 1_795_392_000_000_000],
      ["b", { n: 1 }, context.receivedAtMs * 1000],
    ],
  );
  assert.deepEqual(readLines("\n\n", context), []);
});

test("nothing is taken when a line is wrong, and which ones are is said by their place, at most a hundred", () => {
  const wrong = (text: string) => {
    try {
      readLines(text, context);
    } catch (error) {
      if (error instanceof InputError) return error;
    }
    return assert.fail("it was taken");
  };
  const { issues } = wrong('{"message":"a"}\n\nnonsense\n[]\n"x"\nnull\n{"a":1');
  assert.deepEqual(
    issues?.map(({ field }) => field),
    ["line 3", "line 4", "line 5", "line 6", "line 7"],
  );
  const many = wrong("x\n".repeat(250));
  assert.equal(many.issues?.length, 100);
  assert.match(many.message, /and 245 more$/);
  assert.match(wrong("{}\n".repeat(maximumLines + 1)).message, /more than 100000 lines/);
});

test("lines that were written as JSON are read as they were", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" }), { maxLength: 20 }), (messages) => {
      const text = messages.map((message) => JSON.stringify({ message })).join("\n");
      assert.deepEqual(
        readLines(text, context).map(({ message }) => message),
        messages.map((message) => Buffer.from(message).toString()),
      );
    }),
  );
});

test("a user name and password let in whose protocols and networks allow it, and nobody else", () => {
  const senders = compileLogSenders(
    [
      { name: "here", username: "u", password: "p:w", networks: ["192.0.2.0/24"] },
      { name: "fluentd", username: "f", password: "p", protocols: ["forward" as const] },
      { name: "open", networks: ["0.0.0.0/0"] },
      { name: "off", username: "o", password: "p", isEnabled: false },
      { name: "everywhere", username: "ü", password: "" },
    ].map(senderDefinition),
  );
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  for (const [header, address, name] of [
    [basic("u:p:w"), "192.0.2.9", "here"],
    [basic("u:p:w").replace("Basic", "basic"), "::ffff:192.0.2.9", "here"],
    [basic("u:p:w"), "198.51.100.1", undefined],
    [basic("u:p"), "192.0.2.9", undefined],
    [basic("u"), "192.0.2.9", undefined],
    [basic(":"), "192.0.2.9", undefined],
    [basic("f:p"), "192.0.2.9", undefined],
    [basic("o:p"), "192.0.2.9", undefined],
    [basic("ü:"), "2001:db8::1", "everywhere"],
    ["Bearer abc", "192.0.2.9", undefined],
    [`Basic ${"A".repeat(10_000)}`, "192.0.2.9", undefined],
    [undefined, "192.0.2.9", undefined],
  ] as const) {
    assert.equal(findBasicSender(senders, header, address)?.identity.name, name, `${header} from ${address}`);
  }
});
