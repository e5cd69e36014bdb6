import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

const tell = `data:text/javascript,${encodeURIComponent(
  'import { registerHooks } from "node:module"; registerHooks({ resolve(name, context, next) { const found = next(name, context); console.log(found.url); return found; } });',
)}`;

test("the shipper loads no schema library: its memory is for lines", () => {
  const modules = ["./serve-shipper.ts", "../../log-shaping/index.ts"].map(
    (name) => new URL(name, import.meta.url).href,
  );
  const program = modules.map((url) => `await import(${JSON.stringify(url)});`).join("");
  const { stdout, status } = spawnSync(process.execPath, ["--import", tell, "--input-type=module", "--eval", program], {
    encoding: "utf8",
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  assert.equal(status, 0);
  assert.match(stdout, /log-queue\/index\.ts/);
  assert.doesNotMatch(stdout, /node_modules\/zod/);
});
