import assert from "node:assert/strict";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { type MetricFamily, parseExposition, writeExposition } from "@mycloud/protocol/exposition";
import { testDirectory } from "../agent/testing/test-directory.ts";
import { createCpuCollector } from "./collectors/cpu.ts";
import { createFilesystemCollector } from "./collectors/filesystem.ts";
import { createTextfileCollector } from "./collectors/textfile.ts";
import { zoneName } from "./collectors/time.ts";
import { createCollectors, createScraper, everythingByDefault } from "./index.ts";
import { createMeasureFileSystem } from "./measure-file-system.ts";
import { refreshedEvery } from "./refreshed-every.ts";
import { unpackTree } from "./testing/unpack-tree.ts";

const golden = fileURLToPath(new URL("fixtures/web1.prom", import.meta.url));
const figures = { blockSize: 4096, blocks: 1000, freeBlocks: 500, availableBlocks: 400, files: 100, freeFiles: 50 };

function sampleOf(families: readonly MetricFamily[] | undefined, name: string, labels: Record<string, string> = {}) {
  const samples = families?.find((family) => family.name === name)?.samples;
  return samples?.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))?.value;
}

function collectorsOf(name: string) {
  const places = unpackTree(name);
  const collectors = createCollectors({
    places,
    textfiles: { directory: join(places.root, "textfiles"), isGiven: false, onFault: assert.fail },
    now: () => 1_700_000_000_500,
    monotonicNow: () => 0,
    measure: async (mountpoint) => (mountpoint === "/srv/nas" ? undefined : figures),
    processors: 2,
  });
  return { places, collectors };
}

test("everything told of a recorded machine is as it was reviewed", async () => {
  const { places, collectors } = collectorsOf("web1");
  // adjtimex asks the kernel that is here, and the zone is this machine's.
  const { scrape } = createScraper({
    collectors: collectors.filter(({ name }) => name !== "timex"),
    monotonicNow: () => 0,
    timeoutMs: 1_000,
    onFault: (collector, reason) => assert.fail(`${collector}: ${reason}`),
  });
  const text = writeExposition(await scrape(everythingByDefault)).replaceAll(places.root, "");
  const shown = text.replace(/^node_time_zone_offset_seconds.*$/m, "node_time_zone_offset_seconds");
  if (process.env.MYCLOUD_WRITE_GOLDEN === "1") writeFileSync(golden, shown);
  assert.equal(shown, readFileSync(golden, "utf8"));
  assert.equal(parseExposition(text).fault, undefined);
});

test("on a machine where nothing is to be read, no collector does more than say so", async () => {
  const root = testDirectory();
  const places = { procRoot: join(root, "proc"), sysRoot: join(root, "sys"), root, udevRoot: root };
  const faults: string[] = [];
  const { scrape } = createScraper({
    collectors: createCollectors({
      places,
      textfiles: { directory: join(root, "none"), isGiven: false, onFault: assert.fail },
      now: () => 0,
      monotonicNow: () => 0,
    }),
    monotonicNow: () => 0,
    timeoutMs: 1_000,
    onFault: (collector) => faults.push(collector),
  });
  const first = await scrape(everythingByDefault);
  assert.equal(sampleOf(first, "node_scrape_collector_success", { collector: "meminfo" }), 0);
  assert.equal(sampleOf(first, "node_scrape_collector_success", { collector: "time" }), 1);
  const told = faults.length;
  await scrape(everythingByDefault);
  assert.equal(faults.length, told, "a fault is told once");
});

test("collectors are chosen by name, left out by name, and one that hangs or fails costs only its own", async () => {
  const gauge = (name: string): MetricFamily => ({
    name,
    help: "",
    type: "gauge",
    samples: [{ name, labels: {}, value: 1 }],
  });
  const faults: string[] = [];
  const { scrape } = createScraper({
    collectors: [
      { name: "a", isDefault: true, collect: () => [gauge("a")] },
      { name: "hangs", isDefault: true, collect: () => new Promise(() => undefined) },
      { name: "throws", isDefault: true, collect: () => Promise.reject(new Error("broken")) },
      { name: "optional", isDefault: false, collect: () => [gauge("optional")] },
      { name: "again", isDefault: true, collect: () => [gauge("a"), gauge("new")] },
    ],
    monotonicNow: () => performance.now(),
    timeoutMs: 20,
    onFault: (collector, reason) => faults.push(`${collector}: ${reason}`),
  });
  const names = async (collect: string[], exclude: string[]) =>
    (await scrape({ collect, exclude })).map(({ name }) => name).filter((name) => !name.startsWith("node_scrape"));
  assert.deepEqual(await names([], []), ["a"]);
  assert.deepEqual(faults, [
    "hangs: took more than 20 ms",
    "throws: broken",
    "again: a with the same labels is told elsewhere",
  ]);
  assert.deepEqual(await names(["optional"], []), ["optional"]);
  assert.deepEqual(await names([], ["a", "hangs"]), ["a", "new"]);
  const success = (await scrape(everythingByDefault)).find(({ name }) => name === "node_scrape_collector_success");
  assert.deepEqual(
    success?.samples.map(({ value }) => value),
    [1, 0, 0, 0],
  );
});

test("a processor's figures never go back a little, and begin anew when it was away", () => {
  const { procRoot, ...places } = unpackTree("web1");
  const write = (idle: number, iowait: number) =>
    writeFileSync(
      join(procRoot, "stat"),
      `cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 10 0 0 ${idle} ${iowait} 0 0 0 0 0\nintr 1\n`,
    );
  const cpu = createCpuCollector({ procRoot, ...places });
  const seconds = (mode: string) =>
    sampleOf(cpu.collect([]) as MetricFamily[], "node_cpu_seconds_total", { cpu: "0", mode });
  write(1000, 50);
  assert.equal(seconds("iowait"), 0.5);
  write(1001, 49);
  assert.deepEqual([seconds("iowait"), seconds("idle")], [0.5, 10.01]);
  write(100, 2);
  assert.deepEqual([seconds("iowait"), seconds("idle")], [0.02, 1]);
});

test("a file system whose server is gone holds nobody up, and is asked again only when the last question has come back", async () => {
  const asked: string[] = [];
  const { promise: gone, resolve: comeBack } = Promise.withResolvers<undefined>();
  let isGone = true;
  const measure = createMeasureFileSystem({
    timeoutMs: 10,
    measureLocal: () => figures,
    measureRemote: async (mountpoint) => {
      asked.push(mountpoint);
      return isGone ? gone : figures;
    },
  });
  const collector = createFilesystemCollector(unpackTree("web1"), measure);
  const errors = async () => {
    const families = await collector.collect([]);
    return ["/", "/srv/nas"].map((mountpoint) => sampleOf(families, "node_filesystem_device_error", { mountpoint }));
  };
  assert.deepEqual(await errors(), [0, 1]);
  assert.deepEqual(await errors(), [0, 1]);
  assert.deepEqual(asked, ["/srv/nas"]);
  isGone = false;
  comeBack(undefined);
  await gone;
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await errors(), [0, 0]);
});

test("the real file systems of this machine can be asked, also by a process of its own", {
  skip: process.platform !== "linux",
}, async () => {
  const measure = createMeasureFileSystem({ timeoutMs: 20_000 });
  const [local, byProcess] = [await measure("/", "ext4"), await measure("/", "nfs4")];
  assert.ok(local !== undefined && byProcess !== undefined);
  assert.deepEqual([byProcess.blocks, byProcess.blockSize], [local.blocks, local.blockSize]);
  assert.equal(await measure("/does/not/exist", "ext4"), undefined);
  assert.equal(await measure("/does/not/exist", "nfs"), undefined);
});

test("files with metrics are merged, and one that cannot be used costs its own metrics and no others", async () => {
  const directory = testDirectory();
  const faults: string[] = [];
  const textfile = createTextfileCollector({ directory, isGiven: true, onFault: (fault) => faults.push(fault) });
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  write("a.prom", '# TYPE jobs gauge\njobs{job="a"} 1\n');
  write("b.prom", '# TYPE jobs gauge\njobs{job="b"} 2\n# HELP more Told.\nmore 3\n');
  write("ignored.txt", "nonsense");
  utimesSync(join(directory, "a.prom"), 1_700_000_000.9, 1_700_000_000.9);
  const whole = await textfile.collect([]);
  assert.deepEqual([sampleOf(whole, "jobs", { job: "a" }), sampleOf(whole, "jobs", { job: "b" })], [1, 2]);
  assert.equal(sampleOf(whole, "node_textfile_mtime_seconds", { file: join(directory, "a.prom") }), 1_700_000_000);
  assert.deepEqual([sampleOf(whole, "node_textfile_scrape_error"), faults], [0, []]);

  write("c.prom", "good 1\nbad\n");
  write("d.prom", "stamped 1 1700000000000\n");
  write("e.prom", "# TYPE jobs counter\njobs 5\n");
  write("f.prom", 'jobs{job="a",other=""} 9\n');
  write("g.prom", "unfinished 1");
  mkdirSync(join(directory, "folder.prom"));
  const faulty = await textfile.collect([]);
  assert.equal(sampleOf(faulty, "node_textfile_scrape_error"), 1);
  assert.deepEqual(
    [sampleOf(faulty, "good"), sampleOf(faulty, "stamped"), sampleOf(faulty, "more")],
    [undefined, undefined, 3],
  );
  assert.deepEqual([sampleOf(faulty, "jobs", { job: "a" }), sampleOf(faulty, "unfinished")], [1, undefined]);
  const [told = ""] = faults;
  for (const reason of [
    'c.prom: line 2: expected "{" or a blank',
    "d.prom: has times behind its samples",
    "e.prom: jobs has the type counter, elsewhere gauge",
    "f.prom: jobs has the type untyped, elsewhere gauge",
    "g.prom: line 1: expected",
    "folder.prom: is no file",
  ]) {
    assert.ok(told.includes(reason), `${reason} in ${told}`);
  }
  await textfile.collect([]);
  assert.equal(faults.length, 1, "a fault is told when it changes");
});

test("a file that says what the agent says itself costs its own metrics and no others", async () => {
  const directory = testDirectory();
  const faults: string[] = [];
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  write("a.prom", "# TYPE load gauge\nload 99\n");
  write("b.prom", 'node_scrape_collector_success{collector="cpu"} 0\n');
  write("c.prom", '# TYPE load gauge\nload{room="2"} 3\n');
  const ours: MetricFamily = {
    name: "load",
    help: "",
    type: "gauge",
    samples: [{ name: "load", labels: {}, value: 1 }],
  };
  const { scrape } = createScraper({
    collectors: [
      createTextfileCollector({ directory, isGiven: true, onFault: (fault) => faults.push(fault) }),
      { name: "load", isDefault: true, collect: () => [ours] },
    ],
    monotonicNow: () => performance.now(),
    timeoutMs: 5_000,
    onFault: assert.fail,
  });
  const families = await scrape(everythingByDefault);
  assert.deepEqual([sampleOf(families, "load"), sampleOf(families, "load", { room: "2" })], [1, 3]);
  assert.equal(sampleOf(families, "node_textfile_scrape_error"), 1);
  assert.equal(families.filter(({ name }) => name === "node_scrape_collector_success").length, 1);
  const [told = ""] = faults;
  assert.ok(told.includes("a.prom: load with the same labels is told elsewhere"), told);
  assert.ok(told.includes("b.prom: node_scrape_collector_success is a name of the agent's own"), told);
});

test("what is dear is read now and then, and again at once after it has failed", async () => {
  let nowMs = 0;
  let runs = 0;
  const { collect } = refreshedEvery(1_000, () => nowMs, {
    name: "dear",
    isDefault: true,
    collect() {
      if (++runs === 1) throw new Error("not yet");
      return [];
    },
  });
  await assert.rejects(async () => collect([]), /not yet/);
  for (const [at, expected] of [
    [0, 2],
    [999, 2],
    [1_000, 3],
  ] as const) {
    nowMs = at;
    await collect([]);
    assert.equal(runs, expected);
  }
});

test("a zone's rule gives the name for its offset", () => {
  for (const [rule, offsetSeconds, name] of [
    ["CET-1CEST,M3.5.0,M10.5.0/3", 3_600, "CET"],
    ["CET-1CEST,M3.5.0,M10.5.0/3", 7_200, "CEST"],
    ["EST5EDT,M3.2.0,M11.1.0", -18_000, "EST"],
    ["EST5EDT,M3.2.0,M11.1.0", -14_400, "EDT"],
    ["<+0545>-5:45", 20_700, "+0545"],
    ["UTC0", 0, "UTC"],
    ["", 0, "UTC"],
    ["", 3_600, ""],
  ] as const) {
    assert.equal(zoneName(rule, offsetSeconds), name, `${rule} ${offsetSeconds}`);
  }
});
