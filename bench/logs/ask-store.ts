import { setTimeout as sleep } from "node:timers/promises";
import { parseLogQuery } from "@mycloud/protocol/log-query";
import type { LogStore } from "../../control-plane/src/log-store/index.ts";
import { benchDayUs } from "./fill-store.ts";

const dayUs = 86_400_000_000;
/** A question that takes long is asked less often. */
const secondsEach = 3;
const readyMs = 6_000;
const range = { fromUs: benchDayUs, toUs: benchDayUs + dayUs };
const before = { fromUs: benchDayUs - dayUs, toUs: benchDayUs };

/** Asks a filled store the questions that people ask; `repeat` times each. Says how long answers took, and what processor each needed. */
export async function askStore(store: LogStore, repeat: number): Promise<string[]> {
  const asking = (query: string) => ({
    ...range,
    condition: parseLogQuery(query),
    scope: { kind: "all" } as const,
    signal: AbortSignal.timeout(600_000),
  });
  const latest = (query: string) => async () =>
    (await store.search({ ...asking(query), order: "newest", limit: 100, cursor: null })).records.length;
  const sum = (bins: readonly { readonly count: number }[]) => bins.reduce((all, { count }) => all + count, 0);

  const questions: readonly (readonly [name: string, ask: () => Promise<number>])[] = [
    ["latest 100: everything, the first question", latest("")],
    ["latest 100: everything", latest("")],
    ["latest 100: common word `get`", latest("get")],
    ["latest 100: rare word `w1x refused`", latest("refused w1x")],
    ["latest 100: a word that is nowhere", latest("nowhere_at_all")],
    ['latest 100: phrase `"connection refused"`', latest('"connection refused"')],
    ['latest 100: phrase of common words `"failed password"`', latest('"failed password"')],
    ['latest 100: phrase of common words that is nowhere `"password order"`', latest('"password order"')],
    ["latest 100: common AND common, nowhere `get password`", latest("get password")],
    ["latest 100: common AND common, seldom together `get w7x`", latest("get w7x")],
    ["latest 100: an address that is nowhere `10.1.2.300`", latest("10.1.2.300")],
    ["latest 100: an address of common numbers that is nowhere `10.1.1.10`", latest("10.1.1.10")],
    ["latest 100: beginning `refus*`", latest("refus*")],
    ["latest 100: field `status:404`", latest("status:404")],
    ["latest 100: field `user:user17`", latest("user:user17")],
    ["latest 100: `severity>=err host:web7.example.org`", latest("severity>=err host:web7.example.org")],
    ["latest 100: `customer:customer3 failed`", latest("customer:customer3 failed")],
    ["histogram: everything", async () => sum((await store.histogram({ ...asking(""), bins: 120 })).bins)],
    [
      "histogram: `severity>=err`",
      async () => sum((await store.histogram({ ...asking("severity>=err"), bins: 120 })).bins),
    ],
    ["histogram: `refused`", async () => sum((await store.histogram({ ...asking("refused"), bins: 120 })).bins)],
    [
      'histogram: phrase `"connection refused"`',
      async () => sum((await store.histogram({ ...asking('"connection refused"'), bins: 120 })).bins),
    ],
    ["count: `refused`", async () => (await store.count({ ...asking("refused"), atMost: 1e9 })).count],
    ["top hosts: everything", async () => (await store.top({ ...asking(""), field: "host", limit: 10 })).matched],
    [
      "patterns: everything",
      async () => (await store.patterns({ ...asking(""), before, order: "count", limit: 20 })).patterns.length,
    ],
  ];
  // A store readies itself for questions when it has been open for a while.
  await sleep(readyMs);
  const rows = ["|question|found|p50 ms|p99 ms|CPU ms|", "|-|-|-|-|-|"];
  for (const [name, ask] of questions) {
    const times: number[] = [];
    let found = 0;
    const start = performance.now();
    const cpuBefore = process.cpuUsage();
    const once = name.endsWith("first question") ? 1 : repeat;
    while (times.length < once && (times.length < 3 || performance.now() - start < secondsEach * 1000)) {
      const from = performance.now();
      found = await ask();
      times.push(performance.now() - from);
    }
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuMs = ((user + system) / 1000 / times.length).toFixed(1);
    times.sort((one, other) => one - other);
    const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
    rows.push(`|${name}|${found}|${at(0.5)}|${at(0.99)}|${cpuMs}|`);
    console.error(rows.at(-1));
  }
  return rows;
}
