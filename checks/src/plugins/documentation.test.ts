import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { describePlugins } from "../plugin/describe-plugins.ts";
import { STANDARD_OPTIONS } from "../plugin/option.ts";
import { parseOptions } from "../plugin/parse-options.ts";
import { plugins } from "./registry.ts";
import { argumentsOf } from "./run-in-test.ts";

const FOLDER = new URL(".", import.meta.url).pathname;
const descriptions = await describePlugins();

test("every folder is in the registry, by name and in order", () => {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual([...plugins.keys()], folders.map((entry) => entry.name).sort());
  assert.deepEqual(
    [...plugins.keys()],
    descriptions.map((one) => one.name),
  );
});

test("a description survives JSON", () => {
  assert.deepEqual(JSON.parse(JSON.stringify(descriptions)), descriptions);
});

for (const description of descriptions) {
  describe(description.name, () => {
    const options = [...description.options, ...STANDARD_OPTIONS];

    test("uses each letter and each name once", () => {
      const letters = options.flatMap((option) => ("letter" in option && option.letter ? [option.letter] : []));
      assert.equal(new Set(letters).size, letters.length, `letters: ${letters.join("")}`);
      assert.equal(new Set(options.map((option) => option.name)).size, options.length);
    });

    test("has examples whose options exist", () => {
      assert.ok(description.examples.length > 0);
      for (const example of description.examples) {
        parseOptions(argumentsOf(example.arguments), description.options, description.operands);
      }
    });

    test("has a README that names every option and shows its output", () => {
      const path = `${FOLDER}${description.name}/README.md`;
      assert.ok(existsSync(path), `${path} is missing`);
      const text = readFileSync(path, "utf8");
      for (const option of description.options)
        assert.ok(text.includes(`--${option.name}`), `--${option.name} is missing`);
      for (const heading of ["## Syntax", "## Perfdata", "## Examples"]) assert.ok(text.includes(heading), heading);
    });
  });
}
