import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LogStore } from "../../control-plane/src/log-store/index.ts";
import { benchDayUs } from "./fill-store.ts";
import { createRecordMaker } from "./made-records.ts";

const lookEveryMs = 500;
const looksWithoutChange = 8;

/** Lets a filled store tidy its day, which is over: it begins when something was written and it is quiet. Says how long that took, and what it gave back. */
export async function tidyStore(store: LogStore, directory: string): Promise<string[]> {
  const before = bytesOf(directory);
  const start = performance.now();
  const record = createRecordMaker(1)(benchDayUs + 1);
  await store.append({ chunk: null, receivedAtMs: benchDayUs / 1000 + 86_399_000, records: [record] });
  let last = 0;
  let lastChangeMs = start;
  for (let same = 0; same < looksWithoutChange; ) {
    await sleep(lookEveryMs);
    const now = statesOf(directory);
    same = now === last ? same + 1 : 0;
    if (same === 0) lastChangeMs = performance.now();
    last = now;
  }
  const seconds = (lastChangeMs - start) / 1000;
  const after = bytesOf(directory);
  const { records } = await store.status();
  return [
    "|tidying a day|seconds|bytes/line before|bytes/line after|",
    "|-|-|-|-|",
    `|${records} lines|${seconds.toFixed(1)}|${Math.round(before / records)}|${Math.round(after / records)}|`,
    "",
  ];
}

function bytesOf(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}

/** Changes whenever a file does. */
function statesOf(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).mtimeMs, 0);
}
