import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type BuiltConsole, buildConsole } from "./support/built-console.ts";

const firstLoadLimitBytes = 450_000;

// What a browser fetches before it shows the overview: the page, its scripts and style sheets, and whatever those import at once.
function firstLoad(directory: string): string[] {
  const found = new Set<string>();
  const look = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(directory, file), "utf8");
    const pattern = file.endsWith(".html")
      ? /(?:src|href)="\/([^"]+\.(?:js|css))"/g
      : /(?:^|[;}\s])import\s*(?:[\w$*{},\s]*?from\s*)?"\.\/([^"]+\.js)"/g;
    for (const [, name = ""] of text.matchAll(pattern)) look(file.endsWith(".html") ? name : join("assets", name));
  };
  look("index.html");
  // The overview is a part of its own, fetched right after: it and what it imports count too.
  for (const name of readdirSync(join(directory, "assets"))) {
    if (name.startsWith("OverviewPage")) look(join("assets", name));
  }
  return [...found];
}

describe("the built console", () => {
  let built: BuiltConsole;
  before(async () => {
    built = await buildConsole("production");
  });
  after(() => built.remove());

  test("loads less than 450 kB before it shows the overview", () => {
    const files = firstLoad(built.directory);
    assert.ok(files.some((file) => file.endsWith(".js")) && files.some((file) => file.endsWith(".css")));
    assert.ok(files.some((file) => /OverviewPage/.test(file)));
    const sizes = files.map((file) => gzipSync(readFileSync(join(built.directory, file))).length);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    // Less than this would mean that imports are no longer found here, not that the console got small.
    assert.ok(total > 150_000, `only ${total} bytes in ${files.length} files`);
    assert.ok(total < firstLoadLimitBytes, `${files.length} files of the first load have ${total} bytes gzipped`);
  });

  test("contains nothing of the fake provider", () => {
    for (const name of readdirSync(join(built.directory, "assets"))) {
      const text = readFileSync(join(built.directory, "assets", name), "utf8");
      assert.ok(!text.includes("mycloud-fake-provider"), name);
    }
  });

  test("has no script or style inside the page, as the content security policy demands", () => {
    const html = readFileSync(join(built.directory, "index.html"), "utf8");
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>|<style|\son\w+=|style="/);
    assert.doesNotMatch(html, /(?:src|href)="(?:https?:)?\/\//);
  });
});
