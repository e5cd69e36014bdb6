// Durable check results per second, beside what nagios4 and icinga2 absorb on the same machine in the same run.
//
//   npm run bench:ingest                 all of it, some minutes
//   npm run bench:ingest -- --seconds 3 --only mariadb,nagios4
//
// MyCloud runs as a process of its own, started by bin/mycloud, on a fresh database; this process sends. Its figures count results that were
// answered 200, which is after the commit. Latency is taken at half the rate found, by sending at fixed instants: from the instant a request
// is due until its answer, by when its states are visible. nagios4 and icinga2 count from the first line written to their command pipe until a
// marker behind the last one is seen; neither stores results durably, so read the ratio with that in mind.
import { parseArgs } from "node:util";
import { createCleanup } from "./ingest/cleanup.ts";
import { measureIcinga } from "./ingest/measure-icinga.ts";
import { type Measured, measureMycloud } from "./ingest/measure-mycloud.ts";
import { measureNagios } from "./ingest/measure-nagios.ts";
import { report } from "./ingest/report.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "8" },
    only: { type: "string", default: "sqlite,mariadb,nagios4,icinga2" },
    batches: { type: "string", default: "1,100,500" },
  },
});
const seconds = Number(values.seconds);
const wanted = new Set(values.only.split(","));
const batchSizes = values.batches.split(",").map(Number);
const measured: Measured[] = [];
const cleanup = createCleanup();
try {
  for (const database of ["sqlite", "mariadb"] as const) {
    if (!wanted.has(database)) continue;
    measured.push(...(await measureMycloud(cleanup, { database, batchSizes, seconds })));
    await cleanup.run();
  }
  if (wanted.has("nagios4")) measured.push(...(await measureNagios(200_000)));
  if (wanted.has("icinga2")) measured.push(...(await measureIcinga(20_000)));
} finally {
  await cleanup.run();
}
console.log(report(measured));
