import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import fc from "fast-check";
import { parseName } from "../name/index.ts";
import { parseRecordText, parseRecordType, type ResourceRecord } from "../record/index.ts";
import { Zone, ZoneError, type ZoneStep } from "../zone/index.ts";
import { decodeFrames, encodeFrame } from "./frame.ts";
import { applyStep, loadZone } from "./load-zone.ts";
import { diskFiles, type StoreFiles } from "./store-files.ts";
import { framesOf } from "./zone-framer.ts";
import { zoneFileName, zoneIdOf } from "./zone-id.ts";
import { type StoreChange, type StoreFault, ZoneStore } from "./zone-store.ts";

const id = zoneIdOf("Example.org", null);
const record = (name: string, type: string, data: string, ttl = 60): ResourceRecord => {
  const code = parseRecordType(type) ?? assert.fail(type);
  return { name: parseName(name, id.apex), type: code, ttl, rdata: parseRecordText(code, data, id.apex) };
};
const soa = (serial: number) => record("example.org.", "SOA", `ns host ${serial} 1 2 3 4`);
const host = (index: number) => record(`h${index}`, "A", `10.0.${index >> 8}.${index & 255}`);
const step = (fromSerial: number, added: ResourceRecord[], removed: ResourceRecord[] = []): ZoneStep => ({
  fromSerial,
  toSerial: fromSerial + 1,
  removed: [soa(fromSerial), ...removed],
  added: [soa(fromSerial + 1), ...added],
});

async function setUp(t: TestContext, files: StoreFiles = diskFiles) {
  const directory = await mkdtemp(join(tmpdir(), "zone-store-"));
  t.after(() => rm(directory, { recursive: true }));
  const changes: StoreChange[] = [];
  const faults: StoreFault[] = [];
  const open = async () => {
    const store = new ZoneStore({
      directory,
      files,
      onChange: (change) => changes.push(change),
      onFault: (fault) => faults.push(fault),
    });
    await store.open();
    return store;
  };
  return { directory, changes, faults, open, file: join(directory, zoneFileName(id)) };
}

/** What somebody has who did what the store said. */
async function follow(store: ZoneStore) {
  const change = store.load(id);
  assert.ok(change?.kind === "load");
  const file = change.octets === 0 ? Buffer.alloc(0) : await readFile(change.file);
  return await loadZone([file.subarray(0, change.octets), ...change.frames]);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const texts = (zone: Zone) => [...zone.records()].map((each) => JSON.stringify(each)).toSorted();

describe("ZoneStore", () => {
  it("has after a new start what it had before, with the steps that led to it", async (t) => {
    const { open, file, changes } = await setUp(t);
    const store = await open();
    await store.replace(id, [soa(1), ...Array.from({ length: 1_200 }, (_, index) => host(index))]);
    assert.equal(await store.append(id, step(1, [host(2_000)], [host(3)])), true);
    assert.equal(await store.append(id, step(1, [host(2_001)])), false);
    assert.deepEqual(
      changes.map(({ kind }) => kind),
      ["load", "frames"],
    );
    const again = await open();
    assert.deepEqual(
      [...again.zones()].map(({ serial, isSaved }) => [serial, isSaved]),
      [[2, true]],
    );
    const { zone, history } = await follow(again);
    assert.deepEqual([zone.recordCount, history.since(1)?.length], [1_201, 1]);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
  });

  it("refuses what is no zone, and keeps what it has", async (t) => {
    const { open } = await setUp(t);
    const store = await open();
    await store.replace(id, [soa(1), host(1)]);
    await assert.rejects(store.replace(id, [host(1)]), ZoneError);
    await assert.rejects(store.replace(id, [soa(1), soa(2)]), /several SOA/);
    await assert.rejects(store.replace(id, [soa(1), record("a.example.net.", "A", "192.0.2.1")]), /not in the zone/);
    await assert.rejects(store.append(id, step(1, [record("a.example.net.", "A", "192.0.2.1")])), /not in the zone/);
    assert.deepEqual([store.get(id)?.serial, (await follow(store)).zone.recordCount], [1, 2]);
  });

  it("leaves out what a crash tore off, and goes on behind what is whole", async (t) => {
    const { open, file } = await setUp(t);
    const store = await open();
    await store.replace(id, [soa(1)]);
    await store.append(id, step(1, [host(1)]));
    await store.append(id, step(2, [host(2)]));
    const octets = await readFile(file);
    for (const cut of [1, 9, 40]) {
      await writeFile(file, octets.subarray(0, octets.length - cut));
      const again = await open();
      assert.equal(again.get(id)?.serial, 2);
    }
    const again = await open();
    await again.append(id, step(2, [host(3)]));
    const { zone } = await follow(await open());
    assert.deepEqual(texts(zone), texts(new Zone(id.apex, [soa(3), host(1), host(3)])));
  });

  it("puts a copy aside of which nothing is whole, and says so", async (t) => {
    const { open, file, faults, directory } = await setUp(t);
    await (await open()).replace(id, [soa(1), host(1)]);
    const octets = await readFile(file);
    octets[octets.length >> 1] = (octets[octets.length >> 1] ?? 0) ^ 1;
    await writeFile(file, octets);
    assert.equal((await open()).get(id), undefined);
    assert.deepEqual(
      faults.map(({ doing }) => doing),
      ["read"],
    );
    assert.deepEqual(await readdir(directory), [`${zoneFileName(id)}.broken`]);
  });

  it("goes on with a disk that is full, and writes everything when there is room again", async (t) => {
    let isFull = false;
    const full = () => Promise.reject(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
    const files: StoreFiles = {
      ...diskFiles,
      replace: (...args) => (isFull ? full() : diskFiles.replace(...args)),
      // A disk takes a part of what does not fit.
      append: (path, at, octets) =>
        isFull ? diskFiles.append(path, at, octets.subarray(0, 11)).then(full) : diskFiles.append(path, at, octets),
    };
    const { open, faults } = await setUp(t, files);
    const other = zoneIdOf("example.net", "inside");
    const store = await open();
    await store.replace(id, [soa(1)]);
    isFull = true;
    await store.append(id, step(1, [host(1)]));
    await store.append(id, step(2, [host(2)]));
    const otherSoa = { ...soa(7), name: other.apex };
    await store.replace(other, [otherSoa]);
    assert.equal(faults.length, 3);
    assert.deepEqual(
      [...store.zones()].map(({ serial, isSaved }) => [serial, isSaved]),
      [
        [3, false],
        [7, false],
      ],
    );
    assert.equal((await follow(store)).zone.recordCount, 3);
    assert.equal((await open()).get(id)?.serial, 1);
    isFull = false;
    await store.saveAll();
    const again = await open();
    assert.deepEqual([again.get(id)?.serial, again.get(other)?.serial], [3, 7]);
    assert.equal((await follow(again)).zone.recordCount, 3);
  });

  it("writes a file anew whose steps have become long, without losing them", async (t) => {
    const { open, file } = await setUp(t);
    const store = await open();
    await store.replace(id, [soa(1), host(0)]);
    const many = Array.from({ length: 20_000 }, (_, index) => host(index + 1));
    for (let serial = 1; serial < 7; serial += 1) {
      await store.append(id, serial % 2 === 1 ? step(serial, many) : step(serial, [], many));
    }
    assert.ok((await stat(file)).size < 4_000_000);
    const { zone, history } = await follow(await open());
    assert.deepEqual([zone.soa.serial, zone.recordCount], [7, 2]);
    assert.equal(history.steps.length, 0);
  });

  it("forgets a zone that is not served any more, on disk too", async (t) => {
    const { open, directory } = await setUp(t);
    const store = await open();
    await store.replace(id, [soa(1)]);
    await store.remove(id);
    assert.deepEqual([store.get(id), await readdir(directory)], [undefined, []]);
  });
});

describe("frames", () => {
  const octets = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) });
  const anyRecord = fc.record({
    name: fc.constantFrom("a", "b.c", "\\000\\255").map((name) => parseName(name, id.apex)),
    type: fc.nat(65_535),
    ttl: fc.nat(2 ** 31 - 1),
    rdata: octets,
  });
  it("are what they were, and only whole ones are read", () => {
    const anyStep = fc.record({
      fromSerial: fc.nat(2 ** 32 - 1),
      toSerial: fc.nat(2 ** 32 - 1),
      removed: fc.array(anyRecord),
      added: fc.array(anyRecord),
    });
    const anyFrame = fc.oneof(
      fc.record({
        kind: fc.constant("zone" as const),
        id: fc.oneof(
          fc.constant(id),
          fc.string().map((view) => ({ ...id, view })),
        ),
      }),
      fc.record({ kind: fc.constant("begin" as const), soa: anyRecord }),
      fc.record({ kind: fc.constant("records" as const), records: fc.array(anyRecord) }),
      fc.record({ kind: fc.constant("end" as const), serial: fc.nat(2 ** 32 - 1) }),
      fc.record({ kind: fc.constantFrom("step" as const, "past" as const), step: anyStep }),
    );
    fc.assert(
      fc.property(fc.array(anyFrame), fc.nat(), (frames, cut) => {
        const pieces = frames.map(encodeFrame);
        const whole = Buffer.concat(pieces);
        assert.deepEqual(plain([...decodeFrames(whole)]), plain(frames));
        const kept = whole.length === 0 ? 0 : cut % whole.length;
        let end = 0;
        const fitting = pieces.filter(({ length }) => {
          end += length;
          return end <= kept;
        });
        assert.equal([...decodeFrames(whole.subarray(0, kept))].length, fitting.length);
      }),
    );
  });

  it("of a zone and its steps make what the changes make", async () => {
    const indexes = fc.array(fc.nat(9), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(indexes, indexes), { maxLength: 8 }), async (changes) => {
        const zone = new Zone(id.apex, [soa(1)]);
        const { frames } = await framesOf(id, zone.records());
        for (const [at, [removed, added]] of changes.entries()) {
          const each = step(at + 1, added.map(host), removed.map(host));
          assert.ok(applyStep(zone, each));
          frames.push(encodeFrame({ kind: "step", step: each }));
        }
        assert.deepEqual(texts((await loadZone(frames)).zone), texts(zone));
      }),
      { numRuns: 50 },
    );
  });
});
