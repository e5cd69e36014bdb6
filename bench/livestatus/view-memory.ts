// How much memory the status view takes for each service, and how long it takes to load and to follow changes.
//
//   node --expose-gc bench/livestatus/view-memory.ts 10000 100000
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createChangeBus } from "../../control-plane/src/change/index.ts";
import { batchOf, ingestFixture, resultOf } from "../../control-plane/src/check-result/testing/ingest-fixture.ts";
import { connectDatabase } from "../../control-plane/src/database/connect-database.ts";
import { migrate } from "../../control-plane/src/database/migrate.ts";
import { createSealer } from "../../control-plane/src/sealing/index.ts";
import { StatusView } from "../../control-plane/src/status-view/index.ts";

const logger = pino({ level: "silent" });
const servicesPerHost = 50;

for (const wanted of process.argv.slice(2).map(Number)) {
  const directory = await mkdtemp(join(tmpdir(), "view-memory-"));
  try {
    console.log(await measure(join(directory, "db.sqlite"), Math.ceil(wanted / servicesPerHost)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function measure(file: string, hosts: number): Promise<string> {
  const database = await connectDatabase(file, logger);
  await migrate(database, { logger });
  const { ids, storeBatches, definitions, clock, now } = await ingestFixture(database, { hosts, servicesPerHost });
  for (const { hostId, serviceIds } of ids) {
    const output = "HTTP OK: HTTP/1.1 200 OK - 1234 bytes in 0.005 seconds | time=0.005s;1;5;0;10 size=1234B;;;0";
    await storeBatches([batchOf(serviceIds.map((id) => resultOf(hostId, id, 0, { output })))]);
  }
  definitions.forget();
  const changes = createChangeBus(logger);
  const view = new StatusView({ database, changes, sealer: createSealer(randomBytes(32)), now });
  // An hour after the last change of a definition.
  clock.nowMs += 3_600_000;
  const before = heapBytes();
  const loadMs = await timed(() => view.refresh());
  const services = view.services.length;
  const bytes = (heapBytes() - before) / services;
  changes.publish("services", [ids[0]?.serviceIds[0] ?? 0]);
  const oneMs = await timed(() => view.refresh());
  changes.publish("services", null);
  const allMs = await timed(() => view.refresh());
  changes.publish("definitions", null);
  const definitionsMs = await timed(() => view.refresh());
  view.close();
  await database.close();
  const times = `loaded in ${loadMs}, one named service followed in ${oneMs}, unnamed ones in ${allMs}, definitions in ${definitionsMs}`;
  return `${services} services: ${bytes.toFixed(0)} bytes each; ${times}`;
}

function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How long it took in ms, and the longest that nothing else had its turn. */
async function timed(work: () => Promise<void>): Promise<string> {
  const startedMs = performance.now();
  let turnedMs = startedMs;
  let longestMs = 0;
  let isOver = false;
  const turn = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - turnedMs);
    turnedMs = nowMs;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  isOver = true;
  const tookMs = performance.now() - startedMs;
  turn();
  return `${tookMs.toFixed(1)} ms (stall ${longestMs.toFixed(1)} ms)`;
}
