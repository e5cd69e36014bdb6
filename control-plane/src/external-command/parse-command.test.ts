import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseCommandLine, splitFields } from "./parse-command.ts";

describe("a command line", () => {
  it("has a time, a name and fields", () => {
    assert.deepEqual(parseCommandLine("[1700000000] ADD_HOST_COMMENT;web1;1;carla;a; b"), {
      isCommand: true,
      command: { atMs: 1_700_000_000_000, name: "ADD_HOST_COMMENT", rest: "web1;1;carla;a; b" },
    });
  });

  for (const [line, name, rest] of [
    ["ENABLE_NOTIFICATIONS", "ENABLE_NOTIFICATIONS", ""],
    ["  [1]   enable_notifications  ", "ENABLE_NOTIFICATIONS", ""],
    ["DEL_SVC_DOWNTIME;7\n", "DEL_SVC_DOWNTIME", "7"],
    ["[1]DEL_SVC_DOWNTIME;", "DEL_SVC_DOWNTIME", ""],
  ] as const) {
    it(`${JSON.stringify(line)} is ${name} with "${rest}"`, () => {
      const parsed = parseCommandLine(line);
      assert.ok(parsed.isCommand);
      assert.deepEqual([parsed.command.name, parsed.command.rest], [name, rest]);
    });
  }

  for (const line of ["", "[", "[] X", "[1x] X", "[99999999999999] X", ";a", "a b;c", "x".repeat(65_537), "\0"]) {
    it(`${JSON.stringify(line.slice(0, 20))} is none, and says why`, () => {
      const parsed = parseCommandLine(line);
      assert.ok(!parsed.isCommand);
      assert.ok(parsed.message.length > 0 && parsed.message.length < 300);
    });
  }

  it("never throws, and keeps every character of the fields", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        parseCommandLine(text);
        parseCommandLine(`[1] ${text}`);
        const parsed = parseCommandLine(`X;a${text}b`);
        assert.ok(parsed.isCommand);
        assert.equal(parsed.command.rest, `a${text}b`);
      }),
    );
  });
});

describe("fields", () => {
  it("keep the semicolons of the last one", () => {
    assert.deepEqual(splitFields("a;b;c;d", 3), ["a", "b", "c;d"]);
    assert.deepEqual(splitFields("a;b", 3), ["a", "b"]);
    assert.deepEqual(splitFields("a;", 3), ["a", ""]);
    assert.deepEqual(splitFields("", 3), []);
  });

  it("joined again are what they came from", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (text, count) => {
        const fields = splitFields(text, count);
        assert.ok(fields.length <= count);
        assert.equal(fields.join(";"), text);
      }),
    );
  });
});
