// Looking into snapshots of a million files, beside stock restic on the same repository and machine, in the same run.
//
//   npm run bench:snapshot-view                                    1,000,000 files, 100 snapshots
//   npm run bench:snapshot-view -- --files 100000 --snapshots 20   a part
//   npm run bench:snapshot-view -- --directory /var/tmp/view       keeps the repository there, or uses the one that is
//   npm run bench:snapshot-view -- --prepare --directory ...       makes it only
//
// The repository is made of trees and small blobs directly, as a year of backups would leave it. A cold question starts the reading process, opens the
// repository (key derivation included) and loads its index, as restic does each time; a warm one finds all that done. Neither has a cache of its own. The page
// cache is warm for both. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { type Cost, requireTime, runMeasured } from "./backup/run-measured.ts";
import { describeMachine } from "./ingest/describe-machine.ts";
import { measuredReader, type ReaderFigures } from "./snapshot-view/measure-reader.ts";
import { largeFolder, synthesise } from "./snapshot-view/synthesise.ts";

const { values } = parseArgs({
  options: {
    files: { type: "string", default: "1000000" },
    snapshots: { type: "string", default: "100" },
    directory: { type: "string" },
    prepare: { type: "boolean", default: false },
  },
});
const password = "benchmark";
requireTime();
const work = values.directory ?? mkdtempSync(join(tmpdir(), "mycloud-bench-view-"));
const location = join(work, "repository");
const scratch = join(work, "time");
const rows: { question: string; ours: ReaderFigures; theirs: Cost | null }[] = [];

try {
  if (!existsSync(join(location, "config"))) {
    console.error("making the repository ...");
    await synthesise(location, password, { files: Number(values.files), snapshots: Number(values.snapshots) });
  }
  if (!values.prepare) {
    const machine = describeMachine();
    await measure();
    console.log(`${machine} ${values.files} files, ${values.snapshots} snapshots.\n`);
    console.log(report());
  }
} finally {
  if (values.directory === undefined) rmSync(work, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const restic = (...args: readonly string[]) =>
    runMeasured(
      { command: "restic", args: ["--repo", location, "--no-cache", ...args], env: { RESTIC_PASSWORD: password } },
      scratch,
    );
  let reader = measuredReader(location, password);
  const anew = async () => {
    await reader.stop();
    reader = measuredReader(location, password);
  };
  const add = (question: string, ours: ReaderFigures, theirs: Cost | null) => {
    rows.push({ question, ours, theirs });
    console.error(`${question}: ${ours.seconds.toFixed(2)} s, restic ${theirs?.wallSeconds.toFixed(2) ?? "-"} s`);
  };
  try {
    const listed = await reader.ask({ kind: "snapshots" });
    const snapshots = snapshotsOf(listed.head);
    add("all snapshots, cold", listed, await restic("snapshots", "--json"));
    const [newest, oldest] = [snapshots.at(-1)?.id ?? "", snapshots[0]?.id ?? ""];
    const folder = { kind: "folder", snapshotId: newest, path: largeFolder } as const;
    await anew();
    add("first 200 of a folder of 10,000, cold", await reader.ask(folder), await restic("ls", newest, largeFolder));
    add("the next 200", await reader.ask({ ...folder, offset: 200 }), null);
    add("the 200 largest of it", await reader.ask({ ...folder, sort: "sizeBytes", order: "desc" }), null);
    add("first 200 of an older version of it", await reader.ask({ ...folder, snapshotId: oldest }), null);
    const file = { kind: "file", snapshotId: newest, path: `${largeFolder}/IMG_005005.txt` } as const;
    add("a small file", await reader.ask(file), await restic("dump", newest, file.path));
    add("its history", await reader.ask({ kind: "history", path: file.path }), null);
    const compared = { kind: "compare", fromSnapshotId: oldest, toSnapshotId: newest } as const;
    add("oldest and newest compared", await reader.ask(compared), await restic("diff", oldest, newest));
    const find = { kind: "find", pattern: "IMG_000777*" } as const;
    const one = await reader.ask({ ...find, snapshotIds: [newest], limit: 10_000 });
    add("a name in the newest snapshot", one, await restic("find", "--snapshot", newest, find.pattern));
    const all = await reader.ask({ ...find, limit: 10_000 });
    add("a name in all snapshots", all, await restic("find", find.pattern));
  } finally {
    await reader.stop();
  }
}

function snapshotsOf(head: unknown): readonly ViewSnapshot[] {
  if (typeof head !== "object" || head === null || !("snapshots" in head) || !Array.isArray(head.snapshots)) return [];
  return head.snapshots;
}

function report(): string {
  const lines = rows.map(({ question, ours, theirs }) => {
    const their =
      theirs === null
        ? ["", "", ""]
        : [seconds(theirs.wallSeconds), (theirs.wallSeconds / ours.seconds).toFixed(1), theirs.peakMiB.toFixed(0)];
    const [theirSeconds, ratio, theirMiB] = their;
    return `| ${[question, seconds(ours.seconds), theirSeconds, ratio, ours.peakMiB.toFixed(0), theirMiB].join(" | ")} |`;
  });
  return [
    "| question | MyCloud | restic | restic / MyCloud | our process, peak MiB until then | restic's peak MiB |",
    "| --- | --: | --: | --: | --: | --: |",
    ...lines,
  ].join("\n");
}

function seconds(value: number): string {
  return value < 0.1 ? `${(value * 1000).toFixed(0)} ms` : `${value.toFixed(2)} s`;
}
