// Whether checks go on while definitions change: 1,000 hosts of 100 services each, whose simulated agents send every service's result once in four minutes by
// the agents' own routes and fetch their configuration when told; then `mycloud apply --dry-run` and `mycloud apply` of a change of 100,000 services.
//
//   npm run bench:config-change                                        all changes on SQLite, about six minutes
//   npm run bench:config-change -- --only thresholds --seconds 5       one of thresholds, checks, resources, template
//   npm run bench:config-change -- --database mariadb --hosts 500 --table
//   npm run bench:config-change -- --steps console --hosts 10000 --checks 10     one check over all hosts, written at the console
//   npm run bench:config-change -- --steps import --hosts 10000 --checks 10      mycloud import nagios, and once more
//   npm run bench:config-change -- --steps import --hosts 10000 --checks 10 --directory /tmp/bench --take dry-run     one step of several
//
// MyCloud runs as a process of its own, started by bin/mycloud, and so does `mycloud apply`; the agents are in this process. Progress goes to stderr (with
// --table second by second); stdout is the Markdown for docs/benchmarks.md.
import { parseArgs } from "node:util";
import { benchChanges } from "./config-change/changes.ts";
import { type MeasuredChange, measureChange } from "./config-change/measure-change.ts";
import { type MeasuredStep, measureConsole, measureImport } from "./config-change/measure-steps.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: benchChanges.map(({ name }) => name).join(",") },
    database: { type: "string", default: "sqlite" },
    hosts: { type: "string", default: "1000" },
    checks: { type: "string", default: "100" },
    seconds: { type: "string", default: "10" },
    table: { type: "boolean", default: false },
    "node-options": { type: "string" },
    steps: { type: "string" },
    take: { type: "string" },
    directory: { type: "string" },
  },
});
const size = { hosts: Number(values.hosts), checks: Number(values.checks) };
const database = values.database === "mariadb" ? "mariadb" : "sqlite";
const wanted = values.only.split(",").map((name) => benchChanges.find((change) => change.name === name));
if (!Number.isInteger(size.hosts) || !Number.isInteger(size.checks) || size.checks < 10 || wanted.includes(undefined)) {
  const names = benchChanges.map(({ name }) => name).join(", ");
  console.error(`bench:config-change: --hosts and --checks (from 10 on) are numbers; --only lists some of ${names}`);
  process.exit(2);
}

const machine = describeMachine();
const steps = values.steps === "import" ? measureImport : values.steps === "console" ? measureConsole : undefined;
if (steps !== undefined) {
  const cleanup = createCleanup();
  try {
    const { take, directory } = values;
    const parts = {
      ...(take === undefined ? {} : { only: take.split(",") }),
      ...(directory === undefined ? {} : { directory }),
    };
    const measured = await steps(cleanup, { database, size, ...parts });
    console.log(`${machine}\n\n${describeSteps(measured)}`);
  } finally {
    await cleanup.run();
  }
  process.exit();
}
const rows: string[] = [];
for (const change of wanted) {
  if (change === undefined) continue;
  const cleanup = createCleanup();
  try {
    console.error(`measuring ${change.name} on ${database} ...`);
    const nodeOptions = values["node-options"];
    const quietSeconds = Number(values.seconds);
    const options = { database, size, quietSeconds, ...(nodeOptions === undefined ? {} : { nodeOptions }) } as const;
    const measured = await measureChange(cleanup, change, options);
    if (values.table) console.error(`${measured.table}\n${JSON.stringify({ ...measured, table: "" }, undefined, 1)}`);
    rows.push(rowOf(change.title, measured));
  } finally {
    await cleanup.run();
  }
}
console.log(`${machine}

| change | dry run | apply | all agents have it after | results/s before | during / before | slowest second | p99 before | p99 dry run | p99 during | longest | longest stall | stale | MiB |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}`);
process.exit();

function describeSteps(measured: readonly MeasuredStep[]): string {
  const rows = measured.map((step) => {
    const { name, seconds, resultsPerSecond, p99Ms, longestMs, longestStallMs, commandMiB, serverMiB, outcome } = step;
    const times = [
      `${seconds.toFixed(1)} s`,
      resultsPerSecond.toFixed(0),
      ...[p99Ms, longestMs, longestStallMs].map((ms) => `${ms.toFixed(0)} ms`),
    ];
    const memory = [commandMiB?.toFixed(0) ?? "", serverMiB.toFixed(0)];
    return `| ${[name, ...times, ...memory, outcome].join(" | ")} |`;
  });
  return `| step | took | results/s | results' p99 | longest | longest stall | command's MiB | server's MiB | outcome |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}`;
}

function rowOf(title: string, measured: MeasuredChange): string {
  const { before, dryRun, during } = measured;
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  const cells = [
    title,
    seconds(measured.dryRunSeconds),
    seconds(measured.applySeconds),
    measured.configurations === 0 ? "none fetched" : `${seconds(measured.settledSeconds)} (${measured.configurations})`,
    before.resultsPerSecond.toFixed(0),
    (during.resultsPerSecond / before.resultsPerSecond).toFixed(3),
    String(during.slowestSecond),
    ms(before.p99),
    ms(dryRun.p99),
    ms(during.p99),
    ms(during.longest),
    ms(Math.max(dryRun.longestStallMs, during.longestStallMs)),
    String(measured.staleServices),
    measured.residentMiB.toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}
