import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { missingCapabilities } from "./capabilities.ts";
import { temporaryRoot } from "./testing.ts";

test("with libc nothing is missing", () => {
  assert.equal(missingCapabilities(), null);
});

test("where koffi has no binary, files are read and written all the same, and what is missing is named", (t) => {
  const { path } = temporaryRoot(t);
  const code = `
    import { registerHooks } from "node:module";
    registerHooks({
      resolve(specifier, context, next) {
        if (specifier === "koffi") throw new Error("no binary for this platform");
        return next(specifier, context);
      },
    });
    const filesystem = await import(${JSON.stringify(import.meta.resolve("./index.ts"))});
    const { applyMetadata, loadAccountNames, missingCapabilities, openRoot, readDataRanges, readExtendedAttributesOf, readFileFlags } = filesystem;
    const directory = openRoot(${JSON.stringify(path)});
    const fd = directory.createFile("file");
    const { uid, gid } = directory.statSelf();
    const mtime = { mtimeSeconds: 1_000_000_000, mtimeNanoseconds: 123_456_789 };
    const atime = { atimeSeconds: -2, atimeNanoseconds: 500_000_000 };
    const faults = applyMetadata(fd, { mode: 0o640, uid, gid, ...mtime, ...atime, extendedAttributes: [], fileFlags: 0 });
    const stat = directory.stat("file");
    let special = "";
    try { directory.makeSpecial("fifo", "fifo", 0n); } catch (error) { special = error.code; }
    console.log(JSON.stringify({
      missing: missingCapabilities(),
      faults,
      mode: stat.mode,
      mtimeIsNear: Math.abs(Number(stat.mtimeNs - 1_000_000_000_123_456_789n)) < 1000,
      atimeNs: String(stat.atimeNs),
      special,
      ranges: readDataRanges(fd, 10),
      attributes: readExtendedAttributesOf(fd),
      flags: readFileFlags(fd),
      root: loadAccountNames().userName(0),
    }));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], { encoding: "utf8" });
  const { missing, ...rest } = JSON.parse(output);
  assert.match(missing.reason, /no binary for this platform/);
  assert.ok(missing.missing.includes("extended attributes"));
  assert.deepEqual(rest, {
    faults: [],
    mode: 0o640,
    mtimeIsNear: true,
    atimeNs: "-1500000000",
    special: "ENOSYS",
    ranges: [{ offset: 0, length: 10 }],
    attributes: { attributes: [], faults: [] },
    flags: 0,
    root: "root",
  });
});
