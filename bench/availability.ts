// What availability reports cost on a year of history of 10,000 services.
//
//   node bench/availability.ts                      about a minute, most of it making the history up
//   node bench/availability.ts --changes 500        as many changes of each service in the year
//
// MyCloud runs as a process of its own on SQLite; the history is written into its database. One service of a hundred flaps: ten times as many changes. Progress
// goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { startServer } from "../test/support/index.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const { values } = parseArgs({ options: { changes: { type: "string", default: "100" } } });
const changes = Number(values.changes);
if (!Number.isInteger(changes) || changes < 1)
  throw new Error(`--changes is "${values.changes}"; write a whole number`);
const hostCount = 1_000;
const servicesPerHost = 10;
const dayMs = 86_400_000;
const yearMs = 365 * dayMs;
const cleanup = createCleanup();

try {
  const server = await startServer(cleanup, { env: { MYCLOUD_LOG_LEVEL: "warn" } });
  const nowMs = Date.now();
  console.error("registering ...");
  for (let from = 0; from < hostCount; from += 100) {
    const results = Array.from({ length: 100 }, (_, index) => `h${String(from + index).padStart(4, "0")}`).flatMap(
      (host) => [
        { host, returnCode: 0, output: "UP" },
        ...Array.from({ length: servicesPerHost }, (_, at) => ({
          host,
          service: `s${at}`,
          returnCode: 0,
          output: "OK",
        })),
      ],
    );
    const { body } = await server.api("POST", "/api/v1/check-results", { body: results });
    if (body.accepted !== results.length) throw new Error(`registering failed: ${JSON.stringify(body)}`);
  }
  console.error("making up a year ...");
  const rows = writeHistory(path.join(server.stateDir, "mycloud.sqlite"), nowMs);

  const reports: [string, Record<string, string>][] = [
    ["a page of 50, a day, with bars", { last: "1", perPage: "50", stretches: "true" }],
    ["a page of 50, a year, with bars", { last: "365", perPage: "50", stretches: "true" }],
    ["a page of 1000, a month", { last: "30", perPage: "1000" }],
    ["a page of 1000, a year", { last: "365", perPage: "1000" }],
    ["a page of 1000 hosts, a year", { last: "365", perPage: "1000", only: "hosts" }],
  ];
  const pid = server.process().pid;
  const lines: string[] = [];
  for (const [what, { last, ...query }] of reports) {
    const fromMs = String(nowMs - Number(last) * dayMs);
    const question = `/api/v1/availability?${new URLSearchParams({ ...query, fromMs, untilMs: String(nowMs) })}`;
    const times: number[] = [];
    let slowestOther = 0;
    for (let count = 0; count < 3; count++) {
      const startedMs = performance.now();
      let isAnswered = false;
      const report = server.api("GET", question).finally(() => {
        isAnswered = true;
      });
      while (!isAnswered) {
        const askedMs = performance.now();
        await server.api("GET", "/api/v1/hosts?perPage=1");
        slowestOther = Math.max(slowestOther, performance.now() - askedMs);
      }
      const { status, body } = await report;
      if (status !== 200) throw new Error(JSON.stringify(body));
      times.push(performance.now() - startedMs);
    }
    const [, median = 0] = times.sort((a, b) => a - b);
    console.error(what, Math.round(median));
    lines.push(`| ${what} | ${Math.round(median)} ms | ${Math.round(slowestOther)} ms | ${memoryMb(pid)} MB |`);
  }
  console.log(
    [
      `${describeMachine()} ${hostCount} hosts with ${servicesPerHost} services each, ${rows.toLocaleString("en")} changes of state in a year:`,
      "",
      "| report | answered in | others waited at most | memory of the server |",
      "| ------ | ----------- | --------------------- | -------------------- |",
      ...lines,
    ].join("\n"),
  );
} finally {
  await cleanup.run();
}

/** Writes problems and recoveries spread over a year into the history; answers how many rows there are. */
function writeHistory(file: string, nowMs: number): number {
  const database = new DatabaseSync(file);
  try {
    database.exec("pragma busy_timeout = 10000; begin immediate");
    const insert = database.prepare(
      `insert into state_change (host_id, service_id, kind, from_state, to_state, is_hard, attempt, output, at_ms) values (?, ?, 'state', ?, ?, 1, 1, '', ?)`,
    );
    const services = database.prepare("select id, host_id from service order by id").all() as {
      id: number;
      host_id: number;
    }[];
    // In the order of time, as they would have come.
    const longest = changes * 10;
    for (let step = 0; step < longest; step++) {
      for (const [index, { id, host_id: hostId }] of services.entries()) {
        const own = index % 100 === 0 ? longest : changes;
        if ((step * own) % longest >= own) continue;
        const atMs = Math.round(nowMs - yearMs + ((step + index / services.length) / longest) * yearMs);
        const isBad = Math.floor((step * own) / longest) % 2 === 0;
        insert.run(hostId, id, isBad ? "OK" : "CRITICAL", isBad ? "CRITICAL" : "OK", atMs);
      }
    }
    for (const table of ["host", "service"]) database.exec(`update ${table} set created_at_ms = ${nowMs - yearMs}`);
    database.exec("commit; analyze");
    return Number(database.prepare("select count(*) as total from state_change").get()?.total);
  } finally {
    database.close();
  }
}

function memoryMb(pid: number): number {
  const kb = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kb) / 1024);
}
