// Durable check results per second, beside what nagios4 and icinga2 absorb on the same machine in the same run.
//
//   npm run bench:ingest                                               all of it, about five minutes
//   npm run bench:ingest -- --seconds 2 --only mycloud --database sqlite
//   npm run bench:ingest -- --only peers
//
// MyCloud runs as a process of its own, started by bin/mycloud, on a fresh database; this process sends. Its figures count results that were
// answered 200, which is after the commit. Latency is taken at half the rate found, by sending at fixed instants: from the instant a request
// is due until its answer, by when its states are visible. icinga2's REST is measured the same way; its command pipe and nagios4's from the
// first line written until a marker behind the last one is seen. Neither stores results durably, so read the ratios with that in mind.
// Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { parseArgs } from "node:util";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";
import { measureIcinga } from "./ingest/measure-icinga.ts";
import { measureMycloud } from "./ingest/measure-mycloud.ts";
import { measureNagios } from "./ingest/measure-nagios.ts";
import type { Measured } from "./ingest/measured.ts";
import { report } from "./ingest/report.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    only: { type: "string", default: "mycloud,peers" },
    database: { type: "string", default: "sqlite,mariadb" },
    batches: { type: "string", default: "1,100,500" },
  },
});
const seconds = positive("seconds", values.seconds);
const parts = listed("only", values.only, ["mycloud", "peers"]);
const databases = listed("database", values.database, ["sqlite", "mariadb"]);
const batchSizes = values.batches.split(",").map((size) => positive("batches", size));
const machine = describeMachine();
const measured: Measured[] = [];
const cleanup = createCleanup();

/** Measures one program and stops all it started before the next has its turn. */
async function measure(name: string, run: () => Promise<Measured[]>): Promise<void> {
  console.error(`measuring ${name} ...`);
  measured.push(...(await run()));
  await cleanup.run();
}

try {
  if (parts.includes("mycloud")) {
    for (const database of databases) {
      await measure(`MyCloud on ${database}`, () => measureMycloud(cleanup, { database, batchSizes, seconds }));
    }
  }
  if (parts.includes("peers")) {
    await measure("nagios4", () => measureNagios(200_000));
    await measure("icinga2", () => measureIcinga(cleanup, 20_000, seconds));
  }
} finally {
  await cleanup.run();
}
console.log(`${machine} \`--seconds ${seconds}\`:\n\n${report(measured)}`);

function positive(option: string, value: string): number {
  const number = Number(value);
  if (!(number > 0)) fail(`--${option} is "${value}"; write a number above 0.`);
  return number;
}

/** The words of a comma-separated option, each one of those allowed. */
function listed<Word extends string>(option: string, value: string, allowed: readonly Word[]): Word[] {
  return value.split(",").map((word) => {
    const known = allowed.find((candidate) => candidate === word);
    return known ?? fail(`--${option} is "${value}"; write ${allowed.join(" or ")}.`);
  });
}

function fail(message: string): never {
  console.error(`bench:ingest: ${message}`);
  process.exit(2);
}
