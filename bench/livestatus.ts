// How fast Livestatus queries are answered, beside icinga2's on the same machine in the same run, and what that takes in memory.
//
//   npm run bench:livestatus                          10,000 services in both
//   npm run bench:livestatus -- --services 100000     MyCloud alone: icinga2's own start takes minutes then
//
// Both watch the same hosts and services in the same states. Each query goes to one and then to the other, over one kept connection each, a
// number of times; the figure is the median from sending the request until the last byte of the answer. Progress goes to stderr; stdout is the
// Markdown for docs/benchmarks.md.
import { parseArgs } from "node:util";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";
import { benchQueries } from "./livestatus/bench-queries.ts";
import { measureQueries, type QueryFigures } from "./livestatus/measure-queries.ts";
import { prepareIcinga } from "./livestatus/prepare-icinga.ts";
import { prepareMycloud } from "./livestatus/prepare-mycloud.ts";

const { values } = parseArgs({
  options: { services: { type: "string", default: "10000" }, rounds: { type: "string", default: "21" } },
});
const serviceCount = Number(values.services);
const rounds = Number(values.rounds);
if (!(serviceCount >= 50 && rounds >= 1)) {
  console.error("bench:livestatus: --services takes 50 or more, --rounds 1 or more.");
  process.exit(2);
}
const machine = describeMachine();
const cleanup = createCleanup();
try {
  const size = { hosts: Math.ceil(serviceCount / 50), servicesPerHost: 50 };
  console.error("preparing MyCloud ...");
  const mycloud = await prepareMycloud(cleanup, size);
  const before = mycloud.residentMiB();
  if (serviceCount <= 20_000) console.error("preparing icinga2 ...");
  const icinga = serviceCount <= 20_000 ? await prepareIcinga(cleanup, size) : undefined;
  console.error("measuring ...");
  const programs = [mycloud, ...(icinga === undefined ? [] : [icinga])];
  const figures = await measureQueries(programs, benchQueries, rounds);
  console.log(`${machine} ${size.hosts * 50} services, median of ${rounds}:\n`);
  console.log(report(figures));
  const after = mycloud.residentMiB();
  console.log(
    `\nResident memory: MyCloud's control plane ${after.toFixed(0)} MiB after the queries, ${before.toFixed(0)} MiB before the first${
      icinga === undefined ? "" : `; icinga2 ${icinga.residentMiB().toFixed(0)} MiB`
    }.`,
  );
} finally {
  await cleanup.run();
}

function report(figures: readonly QueryFigures[]): string {
  const lines = figures.map(({ name, medianMs, answerBytes }) => {
    const [ours = 0, theirs] = medianMs;
    const shown = theirs === undefined ? ["", ""] : [`${theirs.toFixed(1)} ms`, (theirs / ours).toFixed(1)];
    return `| ${[name, `${ours.toFixed(1)} ms`, ...shown, answerBytes].join(" | ")} |`;
  });
  return [
    "| query | MyCloud | icinga2 | icinga2 / MyCloud | bytes of our answer |",
    "| --- | --: | --: | --: | --: |",
    ...lines,
  ].join("\n");
}
