// Looking into snapshots of a million files, beside stock restic on the same repository and machine, in the same run.
//
//   npm run bench:snapshot-view                                    1,000,000 files, 100 snapshots
//   npm run bench:snapshot-view -- --files 100000 --snapshots 20   a part
//   npm run bench:snapshot-view -- --directory /var/tmp/view       keeps the repository there, or uses the one that is
//   npm run bench:snapshot-view -- --prepare --directory ...       makes it only
//   npm run bench:snapshot-view -- --only history                  questions with this in their names
//
// The repository is made of trees and small blobs directly, as a year of backups would leave it. A cold question starts the reading process, opens the
// repository (key derivation included) and loads its index, as restic does each time; a warm one finds all that done. Neither has a cache of its own. The page
// cache is warm for both. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
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
    only: { type: "string", default: "" },
  },
});
const password = "benchmark";
// As bin/mycloud has it.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL("../node_modules/.cache/mycloud", import.meta.url));
requireTime();
const isSmall = Number(values.files) * Number(values.snapshots) <= 5_000_000;
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
  const isWanted = (question: string) => question.includes(values.only);
  const add = async (question: string, ours: () => Promise<ReaderFigures>, theirs?: () => Promise<Cost>) => {
    if (!isWanted(question)) return;
    const row = { question, ours: await ours(), theirs: theirs === undefined ? null : await theirs() };
    rows.push(row);
    console.error(
      `${question}: ${row.ours.seconds.toFixed(2)} s, restic ${row.theirs?.wallSeconds.toFixed(2) ?? "-"} s`,
    );
  };
  try {
    const listed = await reader.ask({ kind: "snapshots" });
    const snapshots = snapshotsOf(listed.head);
    const [newest, oldest] = [snapshots.at(-1)?.id ?? "", snapshots[0]?.id ?? ""];
    const folder = { kind: "folder", snapshotId: newest, path: largeFolder } as const;
    await anew();
    await add(
      "first 200 of a folder of 10,000, cold",
      () => reader.ask(folder),
      () => restic("ls", newest, largeFolder),
    );
    // It is as it was when the first snapshot was made: what says where it lies is in one of the large files of the index.
    await anew();
    await add("a folder of 990 that never changed, cold", () =>
      reader.ask({ ...folder, path: "/data/group-005/folder-050" }),
    );
    await anew();
    await add("first 200 of the oldest version of the folder of 10,000, cold", () =>
      reader.ask({ ...folder, snapshotId: oldest }),
    );
    await anew();
    await add(
      "all snapshots, cold",
      () => reader.ask({ kind: "snapshots" }),
      () => restic("snapshots", "--json"),
    );
    await reader.ask({ kind: "snapshots" });
    // A person looks at the list for a moment.
    await setTimeout(2_000);
    await add("first 200 of a folder of 10,000, after them", () => reader.ask(folder));
    await add("the next 200", () => reader.ask({ ...folder, offset: 200 }));
    await add("the 200 largest of it", () => reader.ask({ ...folder, sort: "sizeBytes", order: "desc" }));
    await add("first 200 of an older version of it", () => reader.ask({ ...folder, snapshotId: oldest }));
    const file = { kind: "file", snapshotId: newest, path: `${largeFolder}/IMG_005005.txt` } as const;
    await add(
      "a small file of it",
      () => reader.ask(file),
      () => restic("dump", newest, file.path),
    );
    await add("its history, the folder changed each time", () => reader.ask({ kind: "history", path: file.path }));
    const compared = { kind: "compare", fromSnapshotId: oldest, toSnapshotId: newest } as const;
    await add(
      "oldest and newest compared",
      () => reader.ask(compared),
      () => restic("diff", oldest, newest),
    );
    const find = { kind: "find", pattern: "IMG_000777*", limit: 10_000 } as const;
    await add(
      "a name in the newest snapshot",
      () => reader.ask({ ...find, snapshotIds: [newest] }),
      () => restic("find", "--snapshot", newest, find.pattern),
    );
    await add(
      "a name in all snapshots",
      () => reader.ask(find),
      // It walks each of them: minutes of a million files.
      isSmall ? () => restic("find", find.pattern) : undefined,
    );
    await add("a group of 99,000 files of 1 KB as zip", () =>
      reader.ask({ kind: "archive", snapshotId: newest, paths: ["/data/group-000"], format: "zip" }),
    );
    await add("a group of 99,000 files of 1 KB as tar", () =>
      reader.ask({ kind: "archive", snapshotId: newest, paths: ["/data/group-000"], format: "tar" }),
    );
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
