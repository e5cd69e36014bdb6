import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { formatPluginOutput, NO_OUTPUT, parsePluginOutput } from "./plugin-output.ts";
import { quickestMs } from "./testing/quickest.ts";

test("output, long output and perfdata are told apart as nagios4 does", () => {
  const table: [string, string, string, string][] = [
    ["OK - fine", "OK - fine", "", ""],
    ["OK - fine | a=1;2;3\n", "OK - fine", "", "a=1;2;3"],
    ["OK|a=1;2;3;0;9 'b c'=5ms \nline 2\nline 3|d=4%\ne=5\n", "OK", "line 2\nline 3", "a=1;2;3;0;9 'b c'=5ms d=4% e=5"],
    ["OK\nonly long\noutput", "OK", "only long\noutput", ""],
    ["OK\n|a=1\nb=2", "OK", "", "a=1 b=2"],
    ["OK | a='x|y'", "OK", "", "a='x|y'"],
    ["OK\n\n  indented\n", "OK", "\n  indented", ""],
    ["OK\r\nlong\r\n", "OK", "long", ""],
    ["DISK OK; all well", "DISK OK; all well", "", ""],
    ["  spaces around  ", "spaces around", "", ""],
    ["", NO_OUTPUT, "", ""],
    ["\n", NO_OUTPUT, "", ""],
    ["| a=1", NO_OUTPUT, "", "a=1"],
    ["\nlate", NO_OUTPUT, "late", ""],
  ];
  for (const [text, output, longOutput, perfdata] of table) {
    assert.deepEqual(parsePluginOutput(text), { output, longOutput, perfdata }, JSON.stringify(text));
  }
});

test("plugin output is written so that it is read back the same", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replace(/[\r\n|]/g, " ").trim());
  const word = line.filter((text) => text !== "");
  const longOutput = fc.array(word).map((lines) => lines.join("\n"));
  fc.assert(
    fc.property(word, longOutput, line, (output, long, perfdata) => {
      const parts = { output, longOutput: long, perfdata };
      assert.deepEqual(parsePluginOutput(formatPluginOutput(parts)), parts);
    }),
  );
});

test("a pipe or line break in the output never becomes perfdata", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (output, longOutput) => {
      assert.equal(parsePluginOutput(formatPluginOutput({ output, longOutput, perfdata: "a=1" })).perfdata, "a=1");
    }),
  );
});

test("64 kB of line breaks and pipes are read within a quarter of a second", () => {
  for (const piece of ["\n", "|", "|\n", "\r\n|"]) {
    const tookMs = quickestMs(() => parsePluginOutput(piece.repeat(32_768)));
    assert.ok(tookMs < 250, `${JSON.stringify(piece)}: ${tookMs} ms`);
  }
});
