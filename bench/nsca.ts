// Results a second that come by NSCA on one connection, beside what nsca hands to nagios4 on the same machine in the same run.
//
//   npm run bench:nsca                       methods 1 and 14, about a minute
//   npm run bench:nsca -- --method 1 --results 50000
//
// Both sides have 200 hosts with 50 passive services; every result is OK, as most are. MyCloud runs as a process of its own on a fresh SQLite database.
// Time runs from the connection until the last result can be seen: stored durably in MyCloud's database, in nagios4's status for the other. nagios4 keeps
// nothing durable, so read the ratio with that in mind. Progress goes to stderr; stdout is the Markdown for docs/benchmarks.md.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type NscaMethod, nscaMethods } from "../checks/src/nsca/index.ts";
import { sendByNsca } from "../control-plane/src/forward/index.ts";
import { startNagios } from "../test/peers/nagios.ts";
import { startNsca } from "../test/peers/nsca.ts";
import { createApi, freePort, startServer } from "../test/support/index.ts";
import { createCleanup } from "./ingest/cleanup.ts";
import { describeMachine } from "./ingest/describe-machine.ts";

const { values } = parseArgs({
  options: { method: { type: "string", default: "1,14" }, results: { type: "string", default: "50000" } },
});
const password = "correct horse";
const cleanup = createCleanup();
const hosts = Array.from({ length: 200 }, (_, index) => `web${index + 1}`);
const services = Array.from({ length: 50 }, (_, index) => `s${index + 1}`);
const objects = hosts.flatMap((host) => services.map((service) => ({ host, service })));

function resultsOf(count: number, last: string) {
  return Array.from({ length: count }, (_, index) => {
    const { host = "", service = "" } = objects[index % objects.length] ?? {};
    const output = index === count - 1 ? last : "OK - 12 ms | time=0.012s;0.5;1;0";
    return { host, service, returnCode: 0, output };
  });
}

/** Results a second from the connection until `isSeen` says that the last is there. */
async function measure(
  port: number,
  method: NscaMethod,
  count: number,
  isSeen: (last: string) => Promise<boolean>,
): Promise<number> {
  const last = `last ${method} ${performance.now()}`;
  const results = resultsOf(count, last);
  const startedAt = performance.now();
  await sendByNsca({ host: "127.0.0.1", port, method, password }, results, AbortSignal.timeout(300_000));
  while (!(await isSeen(last))) await new Promise((resolve) => setTimeout(resolve, 50));
  return (count / (performance.now() - startedAt)) * 1000;
}

async function measureMycloud(method: NscaMethod, count: number): Promise<number> {
  const [http, port] = await Promise.all([freePort(), freePort()]);
  const stateDir = await mkdtemp(join(tmpdir(), "mycloud-bench-nsca-"));
  cleanup.after(() => rm(stateDir, { recursive: true, force: true }));
  const env = {
    MYCLOUD_NSCA: `127.0.0.1:${port}`,
    MYCLOUD_NSCA_METHOD: String(method),
    MYCLOUD_NSCA_PASSWORD: password,
    MYCLOUD_NSCA_MAX_AGE: "300",
  };
  const server = await startServer(cleanup, { port: http, stateDir, env });
  const api = createApi(server.url, server.operatorToken);
  for (let at = 0; at < objects.length; at += 5_000) {
    const body = objects.slice(at, at + 5_000).map((object) => ({ ...object, returnCode: 0, output: "first" }));
    await api("POST", "/api/v1/check-results", { body });
  }
  const { host = "", service = "" } = objects[(count - 1) % objects.length] ?? {};
  const filter = encodeURIComponent(JSON.stringify({ hostName: host, serviceName: service }));
  return await measure(port, method, count, async (last) => {
    const { body } = await api("GET", `/api/v1/check-results?filter=${filter}&sort=id&order=DESC&perPage=1`);
    if (body.data === undefined) throw new Error(JSON.stringify(body));
    return body.data.some((result: { output: string }) => result.output === last);
  });
}

async function measureNagios(method: NscaMethod, count: number): Promise<number> {
  const nagios = await startNagios([
    ...hosts.map((name) => ({ kind: "host" as const, name, maxCheckAttempts: 1 })),
    ...objects.map(({ host, service }) => ({ kind: "service" as const, host, name: service, maxCheckAttempts: 1 })),
  ]);
  cleanup.after(nagios.stop);
  const port = await freePort();
  const daemon = await startNsca(port, { method, password, commandFile: nagios.commandFile });
  cleanup.after(daemon.stop);
  return await measure(port, method, count, async (last) => {
    const { status } = await nagios.settle(120);
    return status.some(({ fields }) => fields.plugin_output === last);
  });
}

const rows: string[] = [];
try {
  for (const word of values.method.split(",")) {
    const method = nscaMethods.find((known) => String(known) === word);
    if (method === undefined) throw new Error(`--method is "${word}"; write some of ${nscaMethods.join(",")}`);
    const count = method === 1 || method === 0 ? Number(values.results) : Math.ceil(Number(values.results) / 5);
    console.error(`measuring method ${method} with ${count} results ...`);
    const ours = await measureMycloud(method, count);
    await cleanup.run();
    const theirs = await measureNagios(method, count);
    await cleanup.run();
    rows.push(`| ${method} | ${Math.round(ours).toLocaleString("en")} | ${Math.round(theirs).toLocaleString("en")} |`);
  }
} finally {
  await cleanup.run();
}
console.log(
  `${describeMachine()}\n\n| method | MyCloud, results/s | nsca + nagios4, results/s |\n| --- | ---: | ---: |\n${rows.join("\n")}`,
);
process.exit(0);
