// How many lines the embedded store of logs takes, and how quickly it finds them:
//
//   node bench/logs-store.ts --lines 5000000                 fills a store, then asks it
//   node bench/logs-store.ts --lines 0 --directory DIR       asks one that was filled before (--keep leaves it there)
//   node bench/logs-store.ts --lines 1000000 --from 2000000 --of 5000000 --only fill --directory DIR --keep
//                                                            fills it with the third million of five
//   node bench/logs-store.ts --lines 0 --only tidy,ask --directory DIR --keep
//                                                            asks it when the day, which is over, was tidied
//
// Lines are handed over as a receiver does, in batches of 2,000 records with a chunk each, eight at a time, and count when they are durable. The process
// takes part in the measurement: the receiver's own work (decoding) is not in it. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createLogStore } from "../control-plane/src/log-store/index.ts";
import { describeMachine } from "./ingest/describe-machine.ts";
import { askStore } from "./logs/ask-store.ts";
import { fillStore } from "./logs/fill-store.ts";
import { tidyStore } from "./logs/tidy-store.ts";

const { values } = parseArgs({
  options: {
    lines: { type: "string", default: "5000000" },
    from: { type: "string", default: "0" },
    of: { type: "string" },
    only: { type: "string", default: "fill,ask" },
    batch: { type: "string", default: "2000" },
    directory: { type: "string" },
    keep: { type: "boolean", default: false },
    repeat: { type: "string", default: "50" },
  },
});
const lines = Number(values.lines);
const directory = values.directory ?? (await mkdtemp(join(tmpdir(), "mycloud-bench-logs-")));
const store = await createLogStore({
  location: { kind: "sqlite", directory },
  logger: pino({ level: "warn" }, process.stderr),
  registry: new Registry(),
});
try {
  const report: string[] = [];
  const from = Number(values.from);
  const of = Number(values.of ?? from + lines);
  if (lines > 0 && values.only.includes("fill")) {
    report.push(...(await fillStore(store, { lines, batch: Number(values.batch), from, of })));
  }
  if (values.only.includes("tidy")) report.push(...(await tidyStore(store, directory)));
  if (values.only.includes("ask")) report.push(...(await askStore(store, Number(values.repeat))));
  console.log(`${describeMachine()}\n\n${report.join("\n")}`);
} finally {
  await store.close();
  if (!values.keep) await rm(directory, { recursive: true });
}
