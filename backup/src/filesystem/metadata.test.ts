import assert from "node:assert/strict";
import { closeSync, ftruncateSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { byteString, byteStringOf } from "../byte-string/index.ts";
import type { ExtendedAttribute } from "../tree/index.ts";
import type { Directory } from "./directory.ts";
import { statOf } from "./directory.ts";
import { readExtendedAttributes, readExtendedAttributesOf } from "./extended-attributes.ts";
import { carriedFileFlags, clearProtection, readFileFlags } from "./file-flags.ts";
import { applyMetadata, type Metadata } from "./metadata.ts";
import { isRoot, runAsNobody, temporaryRoot, timesAt } from "./testing.ts";

const entryTypes = ["file", "dir", "symlink", "fifo", "chardev", "socket"] as const;

test("metadata of any entry reads back as it was applied, to the nanosecond", { skip: !isRoot }, (t) => {
  const { directory } = temporaryRoot(t);
  // What ext4 can keep: 1901 to 2446; of its first and last second it keeps no fraction.
  const instant = fc.bigInt({ min: (2n - 2n ** 31n) * 10n ** 9n, max: (2n ** 33n + 2n ** 32n) * 10n ** 9n });
  const metadata = fc.record({
    type: fc.constantFrom(...entryTypes),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    gid: fc.integer({ min: 0, max: 2 ** 32 - 2 }),
    mtimeNs: instant,
    atimeNs: instant,
    attributes: fc.dictionary(fc.stringMatching(/^[a-z\xe0-\xef]{1,20}$/), fc.uint8Array({ maxLength: 200 }), {
      maxKeys: 4,
    }),
    isNodump: fc.boolean(),
  });
  let made = 0;
  fc.assert(
    fc.property(metadata, ({ type, attributes, isNodump, ...wanted }) => {
      const times = timesAt(wanted.mtimeNs, wanted.atimeNs);
      const name = byteString(`entry-${made++}`);
      const fd = make(directory, type, name);
      try {
        const extendedAttributes = Object.entries(attributes)
          // trusted.* is the one namespace that every type of entry takes.
          .map(([key, value]) => attribute(`trusted.${key}`, value))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const fileFlags = isNodump && (type === "file" || type === "dir") ? 0x40 : 0;
        assert.deepEqual(applyMetadata(fd, { ...wanted, ...times, extendedAttributes, fileFlags }), []);
        const stat = directory.stat(name);
        const { mode, uid, gid, mtimeNs, atimeNs } = stat;
        assert.deepEqual(
          { mode, uid, gid, mtimeNs, atimeNs },
          { ...wanted, mode: type === "symlink" ? 0o777 : wanted.mode },
        );
        assert.deepEqual(readExtendedAttributes(directory, name), { attributes: extendedAttributes, faults: [] });
      } finally {
        closeSync(fd);
      }
    }),
    { numRuns: 150 },
  );
});

test("applying metadata removes attributes, ACLs and flags that are not wanted", { skip: !isRoot }, (t) => {
  const { directory } = temporaryRoot(t);
  const name = byteString("file");
  const fd = directory.createFile(name);
  t.after(() => closeSync(fd));
  // The ACL user::rw-,user:1001:rw-,group::r--,mask::rw-,other::r-- in the kernel's form.
  const acl = Buffer.from(
    "0200000001000600ffffffff02000600e903000004000400ffffffff10000600ffffffff20000400ffffffff",
    "hex",
  );
  const extendedAttributes = [attribute("system.posix_acl_access", acl), attribute("user.note", Buffer.from("x"))];
  const metadata: Metadata = { ...plain, mode: 0o664, extendedAttributes, fileFlags: 0x40 | 0x80 };
  assert.deepEqual(applyMetadata(fd, metadata), []);
  assert.deepEqual(readExtendedAttributesOf(fd).attributes, extendedAttributes);
  assert.equal(statOf(fd).mode, 0o664);
  assert.equal(readFileFlags(fd), 0x40 | 0x80);
  assert.deepEqual(applyMetadata(fd, { ...plain, mode: 0o4755 }), []);
  assert.deepEqual(readExtendedAttributesOf(fd).attributes, []);
  assert.equal(readFileFlags(fd), 0);
  assert.equal(statOf(fd).mode, 0o4755);
});

test("an immutable file takes no change until its protection is cleared", { skip: !isRoot }, (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(byteString("file"));
  t.after(() => closeSync(fd));
  assert.deepEqual(applyMetadata(fd, { ...plain, fileFlags: 0x10 }), []);
  assert.equal(readFileFlags(fd), 0x10);
  const faults = applyMetadata(fd, { ...plain, uid: 7, mode: 0o600 });
  assert.deepEqual([...new Set(faults.map(({ during }) => during))].sort(), ["mode", "owner", "times"]);
  assert.ok(faults.every(({ isForbidden }) => isForbidden));
  applyMetadata(fd, { ...plain, fileFlags: 0x10 });
  clearProtection(fd);
  assert.deepEqual(applyMetadata(fd, { ...plain, uid: 7 }), []);
});

test("a flag the filesystem does not take is named by its letter, and the others are set", { skip: !isRoot }, (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(byteString("file"));
  t.after(() => closeSync(fd));
  ftruncateSync(fd, 1);
  const [fault, ...more] = applyMetadata(fd, { ...plain, fileFlags: (carriedFileFlags.C ?? 0) | 0x40 });
  assert.deepEqual(more, []);
  assert.equal(fault?.during, "flags");
  assert.match(fault.message, /chattr \+C/);
  assert.equal(readFileFlags(fd), 0x40);
});

test("a time beyond what the filesystem can keep is said", (t) => {
  const { directory } = temporaryRoot(t);
  const fd = directory.createFile(byteString("file"));
  t.after(() => closeSync(fd));
  const { uid, gid } = statOf(fd);
  const inYear = (year: number) => BigInt(Date.UTC(year, 0)) * 1_000_000n;
  assert.deepEqual(applyMetadata(fd, { ...plain, uid, gid, ...timesAt(inYear(2030), 0n) }), []);
  const [fault] = applyMetadata(fd, { ...plain, uid, gid, ...timesAt(inYear(100_000), 0n) });
  // A filesystem that kept it (tmpfs does) has nothing to say.
  if (statOf(fd).mtimeNs === inYear(100_000)) assert.equal(fault, undefined);
  else assert.match(fault?.message ?? "", /^the filesystem keeps another time/);
});

test("without root what may not be done is told apart and the rest is done", { skip: !isRoot }, (t) => {
  const { path } = temporaryRoot(t, { mode: 0o777 });
  const result = runAsNobody(`
    import { statOf, openRoot, applyMetadata, readExtendedAttributesOf } from ${JSON.stringify(import.meta.resolve("./index.ts"))};
    const directory = openRoot(${JSON.stringify(path)});
    const fd = directory.createFile("file");
    const extendedAttributes = ["trusted.t", "user.u"].map((name) => ({ name, value: "eA==" }));
    const times = { mtimeSeconds: -1, mtimeNanoseconds: 999_999_995, atimeSeconds: 0, atimeNanoseconds: 5 };
    const wanted = { mode: 0o444, uid: 0, gid: 0, ...times, extendedAttributes, fileFlags: 0x10 };
    const faults = applyMetadata(fd, wanted);
    const stat = statOf(fd);
    const { attributes } = readExtendedAttributesOf(fd);
    console.log(JSON.stringify({ faults, mode: stat.mode, mtimeNs: String(stat.mtimeNs), attributes }));
  `);
  const { faults, ...done } = JSON.parse(result);
  assert.deepEqual(
    faults.map((fault: { during: string; isForbidden: boolean }) => [fault.during, fault.isForbidden]),
    [
      ["owner", true],
      ["xattr", true],
      ["flags", true],
    ],
  );
  assert.deepEqual(done, { mode: 0o444, mtimeNs: "-5", attributes: [{ name: "user.u", value: "eA==" }] });
});

const plain: Metadata = {
  ...{ mode: 0o644, uid: 0, gid: 0, extendedAttributes: [], fileFlags: 0 },
  ...timesAt(1n, 2n),
};

function attribute(name: string, value: Uint8Array): ExtendedAttribute {
  return { name: byteStringOf(Buffer.from(name, "latin1")), value: Buffer.from(value).toString("base64") };
}

/** Makes an entry and opens it as a restore does. */
function make(directory: Directory, type: (typeof entryTypes)[number], name: ReturnType<typeof byteString>): number {
  if (type === "file") return directory.createFile(name);
  if (type === "dir") directory.makeDirectory(name);
  else if (type === "symlink") directory.makeSymlink(name, byteString("nowhere"));
  else directory.makeSpecial(name, type, type === "chardev" ? 0x103n : 0n);
  return directory.openEntry(name);
}
