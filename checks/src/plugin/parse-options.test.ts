import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import type { PluginOption } from "./option.ts";
import { parseOptions } from "./parse-options.ts";
import { UsageError } from "./usage-error.ts";

const OPTIONS = [
  { letter: "w", name: "warning", value: "RANGE", description: "warn" },
  { letter: "c", name: "critical", value: "RANGE", default: "9", description: "crit" },
  { letter: "e", name: "expect", value: "TEXT", isRepeatable: true, description: "expect" },
  { letter: "S", name: "ssl", value: "VERSION", isValueOptional: true, description: "tls" },
  { letter: "r", name: "refuse", value: "STATE", choices: ["ok", "crit"], description: "state" },
  { letter: "a", name: "all", description: "flag" },
  { name: "warmth", value: "N", description: "shares a prefix with warning" },
] as const satisfies readonly PluginOption[];

describe("parseOptions", () => {
  for (const line of ["-w 80", "-w80", "--warning=80", "--warning 80", "--warn=80", "-aw80", "-w 1 -w 80"]) {
    test(`reads a warning of 80 from ${line}`, () => {
      assert.equal(parseOptions(line.split(" "), OPTIONS).text("warning"), "80");
    });
  }

  test("keeps every value of a repeated option, and their order among others", () => {
    const options = parseOptions(["-e", "a", "-w1", "--expect=b"], OPTIONS);
    assert.deepEqual(options.texts("expect"), ["a", "b"]);
    assert.deepEqual(
      options.given.map((one) => one.name),
      ["expect", "warning", "expect"],
    );
  });

  test("counts -vv as two", () => {
    assert.equal(parseOptions(["-vv"], OPTIONS).count("verbose"), 2);
  });

  test("takes a value that begins with a dash", () => {
    assert.equal(parseOptions(["-w", "-5:"], OPTIONS).range("warning")?.start, -5);
  });

  test("reads an optional value only where it is attached", () => {
    assert.equal(parseOptions(["-S", "-a"], OPTIONS).text("ssl"), "");
    assert.equal(parseOptions(["-S1.2+"], OPTIONS).text("ssl"), "1.2+");
    assert.equal(parseOptions(["--ssl=1.3"], OPTIONS).text("ssl"), "1.3");
  });

  test("falls back to the default", () => {
    assert.equal(parseOptions([], OPTIONS).text("critical"), "9");
    assert.equal(parseOptions([], OPTIONS).isGiven("critical"), false);
  });

  test("gives everything from the program on to the program", () => {
    const operands = { usage: "PROGRAM", description: "", isPassedOn: true };
    assert.deepEqual(parseOptions(["-a", "prog", "-w", "--all"], OPTIONS, operands).operands, ["prog", "-w", "--all"]);
    assert.deepEqual(parseOptions(["-a", "--", "-odd", "-w"], OPTIONS, operands).operands, ["-odd", "-w"]);
  });

  const refused: [string, RegExp][] = [
    ["-x", /unknown option -x/],
    ["--wraning=1", /unknown option --wraning; did you mean --warning\?/],
    ["--war=1", /--war is ambiguous: --warning, --warmth/],
    ["--all=yes", /--all takes no value, but was given "yes"/],
    ["-w", /-w needs a value: -w RANGE/],
    ["--warning", /--warning needs a value/],
    ["stray", /unexpected argument "stray"/],
  ];
  for (const [line, message] of refused) {
    test(`refuses ${line} with a sentence`, () => {
      assert.throws(
        () => parseOptions(line.split(" "), OPTIONS),
        (error: unknown) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  test("throws nothing but UsageError, whatever it is given", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("-w", "--", "-S", "--warning=", "-aew"))), (argv) => {
        try {
          parseOptions(argv, OPTIONS);
        } catch (error) {
          assert.ok(error instanceof UsageError);
        }
      }),
    );
  });
});

describe("OptionValues", () => {
  const refused: [string[], (options: ReturnType<typeof parseOptions>) => unknown, RegExp][] = [
    [["-w", "abc"], (options) => options.range("warning"), /-w\/--warning: Range format incorrect: "abc"/],
    [["-w", "abc"], (options) => options.number("warning"), /-w\/--warning is "abc"; expected a number/],
    [["-w", "7"], (options) => options.number("warning", { min: 1, max: 5 }), /of at least 1 and at most 5/],
    [["-w", "1.5"], (options) => options.number("warning", { isInteger: true }), /expected a whole number/],
    [["-r", "maybe"], (options) => options.text("refuse"), /-r\/--refuse is "maybe"; expected one of ok, crit/],
    [["-e", "("], (options) => options.pattern("expect", "("), /expected a regular expression/],
    [[], (options) => options.requiredText("warning"), /-w\/--warning RANGE is required/],
  ];
  for (const [argv, read, message] of refused) {
    test(`refuses ${argv.join(" ") || "nothing"} naming option, value and what was expected: ${message.source}`, () => {
      assert.throws(() => read(parseOptions(argv, OPTIONS)), { name: "UsageError", message });
    });
  }
});
