// 10,000 services of 200 hosts go CRITICAL at once: how long until each change has its decision, and until the one message about all of them arrives.
//
//   npm run bench:notifications                              SQLite and MariaDB, about a minute
//   npm run bench:notifications -- --database sqlite --problems 1000
//
// MyCloud runs as a process of its own, started by bin/mycloud; this process sends the results and is the webhook that people are told by. A decision is
// durable when the results' request is answered 200, so the time to decision runs from the first request to the last answer. Two contacts are told
// by a rule that groups: each must get exactly one message of the problems and one of the recoveries. A third is told by a rule that does not: it
// gets its limit of single messages, and one summary of the rest. The program fails when a message is missing, doubled, or counts wrongly.
// Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { parseArgs } from "node:util";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";
import { type MeasuredStorm, measureStorm } from "./notifications/measure-storm.ts";

const { values } = parseArgs({
  options: { database: { type: "string", default: "sqlite,mariadb" }, problems: { type: "string", default: "10000" } },
});
const problems = Number(values.problems);
const databases = values.database.split(",");
if (!Number.isInteger(problems) || problems < 50 || databases.some((name) => name !== "sqlite" && name !== "mariadb")) {
  console.error(
    "bench:notifications: --problems is a number from 50 on; --database is sqlite, mariadb, or both with a comma",
  );
  process.exit(2);
}
const machine = describeMachine();
const cleanup = createCleanup();
const rows: string[] = [];
try {
  for (const database of databases) {
    console.error(`measuring MyCloud on ${database} ...`);
    rows.push(rowOf(database, await measureStorm(cleanup, database === "mariadb" ? "mariadb" : "sqlite", problems)));
    await cleanup.run();
  }
} finally {
  await cleanup.run();
}
console.log(`${machine}

| database | problems | all decided | decisions/s | one message to each of 2 contacts after | single + summary to the third | recoveries: one message after |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}`);

function rowOf(database: string, measured: MeasuredStorm): string {
  const { decidedSeconds, groupedSeconds, singles, suppressed, recoveredSeconds } = measured;
  const perSecond = Math.round(problems / decidedSeconds);
  return `| ${database} | ${problems} | ${decidedSeconds.toFixed(2)} s | ${perSecond} | ${groupedSeconds.toFixed(1)} s | ${singles} + 1 (says ${suppressed}) | ${recoveredSeconds.toFixed(1)} s |`;
}
