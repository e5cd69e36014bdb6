import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { readExtendedAttributes } from "../filesystem/index.ts";
import { isRoot, temporaryRoot, timesAt } from "../filesystem/testing.ts";
import { isBare } from "./bare-directory.ts";
import { placeWholeFile } from "./place-entry.ts";

const content = Buffer.from("what is in it");
const metadata = {
  uid: process.geteuid?.() ?? 0,
  gid: process.getegid?.() ?? 0,
  ...timesAt(1_000_000_000_123_456_789n, -1n),
  extendedAttributes: [],
  fileFlags: 0,
};

function placeOf(directory: number, name: ByteString, mode: number) {
  const placement = { directory, name, metadata: { ...metadata, mode }, isReplacing: false };
  return { ...placement, kind: "whole" as const, isSparse: false, isDirect: true };
}

test("a directory that gives something on to what is made in it is not bare", { skip: !isRoot }, (t) => {
  const { directory, path } = temporaryRoot(t);
  const cases: readonly [string, (made: string) => void, boolean][] = [
    ["nothing", () => {}, true],
    ["open", (made) => chmodSync(made, 0o755), false],
    ["group", (made) => chmodSync(made, 0o2700), false],
    ["owner", (made) => chownSync(made, 65534, 0), false],
    ["acl", (made) => execFileSync("setfacl", ["-d", "-m", "u:65534:r", made]), false],
    ["flags", (made) => execFileSync("chattr", ["+d", made]), false],
  ];
  for (const [name, change, expected] of cases) {
    directory.makeDirectory(byteString(name));
    change(join(path, name));
    using made = directory.openDirectory(byteString(name));
    assert.equal(isBare(made), expected, name);
  }
});

test("a file made under its own name has the mode, owner and times it should, whatever the umask", {
  skip: !isRoot,
}, (t) => {
  const { directory, path } = temporaryRoot(t);
  for (const mode of [0o644, 0o600, 0o400, 0o000, 0o666, 0o777, 0o4755, 0o2711]) {
    const name = byteString(`mode-${mode.toString(8)}`);
    for (const uid of [0, 65534]) {
      const place = placeOf(directory.fd, byteString(`${name}-${uid}`), mode);
      const result = placeWholeFile({ ...place, metadata: { ...place.metadata, uid } }, content);
      assert.deepEqual(result, { failure: null, faults: [] });
      const stat = directory.stat(place.name);
      assert.deepEqual(
        [stat.mode, stat.uid, stat.gid, stat.mtimeNs, stat.atimeNs],
        [mode, uid, metadata.gid, 1_000_000_000_123_456_789n, -1n],
        place.name,
      );
      assert.deepEqual(readFileSync(join(path, place.name)), content);
    }
  }
});

test("attributes are set on a file made under its own name, too", { skip: !isRoot }, (t) => {
  const { directory } = temporaryRoot(t);
  const place = placeOf(directory.fd, byteString("labelled"), 0o644);
  const extendedAttributes = [{ name: byteString("trusted.colour"), value: "Z3JlZW4=" }];
  placeWholeFile({ ...place, metadata: { ...place.metadata, extendedAttributes } }, content);
  assert.deepEqual(readExtendedAttributes(directory, place.name).attributes, extendedAttributes);
});

test("what somebody put under the name meanwhile is not written to", (t) => {
  const { directory, path } = temporaryRoot(t);
  const name = byteString("planted");
  directory.makeSymlink(name, byteString("/dev/full"));
  const result = placeWholeFile(placeOf(directory.fd, name, 0o600), content);
  assert.deepEqual(result, { failure: null, faults: [] });
  assert.equal(directory.stat(name).type, "file");
  assert.deepEqual(readFileSync(join(path, name)), content);
});
