// Logs from end to end, beside rsyslog in the same run:
//
//   npm run bench:logs                                  all of it, about three minutes
//   npm run bench:logs -- --only ship,receive           ship | receive | search | idle
//   npm run bench:logs -- --only search --lines 5000000
//
// ship: a file of lines appears in a folder that is watched, and is sent to a receiver that throws it away: by our shipper as an agent starts it, and by
// rsyslog (imfile, omfwd over TCP), in turns. receive: lines go by Forward to a control plane and its embedded store, and count when they are acknowledged.
// search: questions to a store of a day's lines; see bench/logs-store.ts. idle: what an agent needs that watches 200 files nobody writes to.
// Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { pino } from "pino";
import { Registry } from "prom-client";
import { createLogStore } from "../control-plane/src/log-store/index.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";
import { writeAccessLines } from "./logs/access-lines.ts";
import { askStore } from "./logs/ask-store.ts";
import { fillStore } from "./logs/fill-store.ts";
import { measureIdle } from "./logs/measure-idle.ts";
import { measureReceiving } from "./logs/measure-receiving.ts";
import {
  accessPattern,
  type MeasuredShipping,
  measureRsyslog,
  measureShipper,
  type ShippedFile,
} from "./logs/measure-shipping.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "ship,receive,search,idle" },
    lines: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "2" },
    repeat: { type: "string", default: "50" },
    files: { type: "string", default: "200" },
    seconds: { type: "string", default: "20" },
  },
});
const parts = new Set(values.only.split(","));
const [lines, rounds, repeat, files, seconds] = [
  Number(values.lines),
  Number(values.rounds),
  Number(values.repeat),
  Number(values.files),
  Number(values.seconds),
];
const known = ["ship", "receive", "search", "idle"];
if (
  [...parts].some((part) => !known.includes(part)) ||
  ![lines, rounds, repeat, files, seconds].every((one) => one > 0)
) {
  console.error(`bench:logs: --only takes ${known.join(", ")} with commas; everything else a number above 0`);
  process.exit(2);
}

const machine = describeMachine();
const cleanup = createCleanup();
const report: string[] = [];
const folder = await mkdtemp(join(tmpdir(), "mycloud-bench-logs-"));
cleanup.after(() => rm(folder, { recursive: true, force: true }));
try {
  if (parts.has("ship")) report.push(...(await compareShipping()));
  if (parts.has("receive")) report.push(...(await receive()));
  if (parts.has("search")) report.push(...(await search()));
  if (parts.has("idle")) report.push(...(await idle()));
} finally {
  await cleanup.run();
}
console.log(`${machine}\n\n${report.join("\n")}`);

async function compareShipping(): Promise<string[]> {
  const file: ShippedFile = { path: join(folder, "access"), lines, folder };
  writeAccessLines(file.path, lines);
  const ways: [name: string, measure: () => Promise<MeasuredShipping>][] = [
    ["MyCloud, lines as they are", () => measureShipper(file, { parser: { type: "none" }, isRedacted: false })],
    ["MyCloud, parsed and redacted", () => measureShipper(file, { parser: { type: "access" }, isRedacted: true })],
    [
      "MyCloud, by an expression and redacted",
      () => measureShipper(file, { parser: { type: "regex", pattern: accessPattern }, isRedacted: true }),
    ],
  ];
  // What Node compiled is kept from here on, as on a host where the agent has run before.
  const first: ShippedFile = { path: `${file.path}-first`, lines: 100, folder };
  writeAccessLines(first.path, first.lines);
  await measureShipper(first, { parser: { type: "access" }, isRedacted: true });
  if (existsSync("/usr/sbin/rsyslogd")) {
    ways.push(["rsyslog, queue in memory", () => measureRsyslog(file, { queue: "memory" })]);
    ways.push(["rsyslog, queue disk-assisted", () => measureRsyslog(file, { queue: "disk-assisted" })]);
  } else console.error("rsyslog is not installed: nothing to compare with");
  const measured = ways.map(([name]): [string, MeasuredShipping[]] => [name, []]);
  for (let round = 0; round < rounds; round++) {
    for (const [index, [name, measure]] of ways.entries()) {
      const one = await measure();
      measured[index]?.[1].push(one);
      console.error(`${name}: ${Math.round(lines / one.seconds)} lines/s, ${one.cpuSeconds.toFixed(1)} s of processor`);
    }
  }
  const rows = measured.map(([name, all]) => {
    const each = (text: (one: MeasuredShipping) => string) => all.map(text).join(", ");
    const perSecond = each((one) => whole(lines / one.seconds));
    const perCore = each((one) => whole(lines / one.cpuSeconds));
    const perMillion = each((one) => ((one.cpuSeconds / lines) * 1e6).toFixed(1));
    return [name, perSecond, perCore, perMillion, each((one) => one.peakMegabytes.toFixed(0))];
  });
  return table(["tail to forward", "lines/s", "lines/s of a core", "CPU s/million", "most memory, MB"], rows);
}

async function receive(): Promise<string[]> {
  const one = await measureReceiving(cleanup, lines);
  const row = [
    `${whole(one.lines)} lines`,
    whole(one.lines / one.seconds),
    ((one.cpuSeconds / one.lines) * 1e6).toFixed(1),
    one.peakMegabytes.toFixed(0),
    one.diskBytesPerLine.toFixed(0),
    one.textBytesPerLine.toFixed(0),
  ];
  const head = [
    "receive and index",
    "lines/s",
    "CPU s/million",
    "most memory, MB",
    "disk, bytes/line",
    "text, bytes/line",
  ];
  return table(head, [row]);
}

async function search(): Promise<string[]> {
  const store = await createLogStore({
    location: { kind: "sqlite", directory: join(folder, "store") },
    logger: pino({ level: "warn" }, process.stderr),
    registry: new Registry(),
  });
  try {
    return [...(await fillStore(store, { lines, batch: 2_000 })), ...(await askStore(store, repeat)), ""];
  } finally {
    await store.close();
  }
}

async function idle(): Promise<string[]> {
  const one = await measureIdle(cleanup, files, seconds);
  const row = (name: string, percent: number, mebibytes: number) => [name, percent.toFixed(2), mebibytes.toFixed(0)];
  return table(
    [`${files} files watched, ${seconds} s`, "% of a core", "memory, MiB"],
    [row("shipper", one.shipperPercent, one.shipperMiB), row("agent", one.agentPercent, one.agentMiB)],
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [...[head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`), ""];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
