import assert from "node:assert/strict";
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type BackupPlace, inBackupPlace } from "./testing/backup-place.ts";

type Step =
  | { readonly kind: "write"; readonly path: readonly number[]; readonly size: number; readonly fill: number }
  | { readonly kind: "append"; readonly path: readonly number[]; readonly size: number }
  | { readonly kind: "link"; readonly path: readonly number[] }
  | { readonly kind: "remove"; readonly path: readonly number[] }
  | { readonly kind: "rename"; readonly path: readonly number[]; readonly to: readonly number[] };

const names = ["a", "b.img", "c\xff", "\xc3\xa9", "-rf", "new\nline"];
const path = fc.array(fc.nat(names.length - 1), { minLength: 1, maxLength: 3 });
const size = fc.oneof(fc.nat(2000), fc.constantFrom(0, 512 * 1024, 512 * 1024 + 1, 3_000_000, 9_000_000));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("write" as const), path, size, fill: fc.nat(255) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("append" as const), path, size: fc.nat(2000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("link" as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), path }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rename" as const), path, to: path }) },
);

/** What cannot be done (a file in the way of a directory) is not done. */
function apply(source: string, step: Step): void {
  const place = (parts: readonly number[]) =>
    Buffer.from(join(source, ...parts.map((part) => names[part] ?? "")), "latin1");
  const directory = Buffer.from(join(source, ...step.path.slice(0, -1).map((part) => names[part] ?? "")), "latin1");
  try {
    mkdirSync(directory, { recursive: true });
    if (step.kind === "write") writeFileSync(place(step.path), content(step.size, step.fill));
    else if (step.kind === "append") appendFileSync(place(step.path), content(step.size, 1));
    else if (step.kind === "link") symlinkSync(Buffer.from("t\xff", "latin1"), place(step.path));
    else if (step.kind === "remove") rmSync(place(step.path).toString("latin1"), { recursive: true, force: true });
    else renameSync(place(step.path), place(step.to));
  } catch (error) {
    assert.match(String(error), /EISDIR|ENOTDIR|EEXIST|ENOENT|EINVAL|ENOTEMPTY|ELOOP/);
  }
}

function content(size: number, seed: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed + 1;
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    // Half of it compresses.
    bytes[i] = i & 1024 ? state >>> 24 : seed;
  }
  return bytes;
}

/** Everything below a directory: content, link target or nothing, by path. */
function present(directory: string, prefix = "", found = new Map<string, string>()): Map<string, string> {
  for (const name of readdirSync(Buffer.from(directory, "latin1"), { encoding: "latin1" })) {
    const here = Buffer.from(join(directory, name), "latin1");
    const stat = lstatSync(here);
    if (stat.isDirectory()) {
      found.set(`${prefix}${name}`, "dir");
      present(join(directory, name), `${prefix}${name}/`, found);
    } else if (stat.isSymbolicLink()) {
      found.set(`${prefix}${name}`, `-> ${readlinkSync(here, { encoding: "latin1" })}`);
    } else {
      found.set(`${prefix}${name}`, readFileSync(here, "latin1"));
    }
  }
  return found;
}

async function stored(place: BackupPlace, treeId: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [path, { node, content }] of await place.read(treeId)) {
    found.set(path, node.type === "dir" ? "dir" : node.type === "symlink" ? `-> ${node.linkTarget}` : (content ?? ""));
  }
  return found;
}

test("after any changes a backup holds exactly what is there, whatever its parent was", async () => {
  const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(rounds, async (rounds) => {
      await inBackupPlace(async (place) => {
        for (const steps of rounds) {
          for (const step of steps) apply(place.source, step);
          const summary = await place.back();
          assert.equal(summary.errorCount, 0);
          const [expected, actual] = [present(place.source), await stored(place, summary.treeId)];
          assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort());
          for (const [path, content] of expected) assert.ok(actual.get(path) === content, path);
        }
      });
    }),
    { numRuns: 8, seed: 20_261_122, endOnFailure: true },
  );
});
