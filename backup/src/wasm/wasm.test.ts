import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadModule } from "./load-module.ts";
import { sourceSection } from "./source-section.ts";

const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".as"));

describe("the WebAssembly modules", () => {
  it("are there", () => assert.ok(sources.length > 0));

  for (const source of sources) {
    it(`have one compiled from the present ${source}; if not, npm run build:wasm`, () => {
      const bytes = readFileSync(join(import.meta.dirname, source.replace(/as$/, "wasm")));
      const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), sourceSection);
      const expected = createHash("sha256")
        .update(readFileSync(join(import.meta.dirname, source)))
        .digest("hex");
      assert.equal(Buffer.from(section ?? new ArrayBuffer(0)).toString("hex"), expected);
    });
  }

  it("say what they do not export", () => {
    const module = loadModule("poly1305");
    assert.throws(() => module.call("inputAt"), /no function inputAt/);
    assert.throws(() => module.constant("update"), /no update/);
  });
});
