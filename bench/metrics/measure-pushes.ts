// How fast a control plane takes what agents push, each push 1,300 lines: parsed, kept for re-exposition, and on disk for a remote write before it is
// acknowledged, all in one process. Fifty agents push in turns, eight at a time.
//
//   node_modules/.bin/node bench/metrics/measure-pushes.ts
import { randomUUID } from "node:crypto";
import { newAgentKey, signToken } from "../../control-plane/src/agent/testing/agent-api.ts";
import { startTestApp } from "../../control-plane/src/testing/index.ts";
import { describeMachine } from "../ingest/describe-machine.ts";

const agents = 50;
const rounds = 8;
const atOnce = 8;
const lines = Array.from(
  { length: 1_300 },
  (_, at) => `node_figure_${Math.floor(at / 10)}{device="disk${at}",kind="of this"} `,
);

const app = await startTestApp({ settings: { outgoingNetworks: ["127.0.0.1"] } });
try {
  // Nobody listens there: what is written waits on disk.
  const url = "http://127.0.0.1:9/api/v1/write";
  for (const isWritten of [false, true]) {
    if (isWritten) await app.call("POST", "/api/v1/remote-writes", { body: { name: "store", url } });
    const senders: ReturnType<typeof createSender>[] = [];
    for (let at = 0; at < agents; at++) senders.push(createSender(await enrol(`web-${isWritten}-${at}`)));
    const waiting = Array.from({ length: rounds }, (_, round) => senders.map((send) => () => send(round))).flat();
    const walls: number[] = [];
    const cpu = process.cpuUsage();
    const startedAtMs = performance.now();
    const work = async () => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) walls.push(await job());
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    const seconds = (performance.now() - startedAtMs) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const count = agents * rounds;
    const sorted = walls.toSorted((a, b) => a - b);
    const figures = [
      (count / seconds).toFixed(0),
      ((user + system) / 1000 / count).toFixed(1),
      (sorted[Math.floor(count / 2)] ?? 0).toFixed(0),
      (sorted[Math.floor(count * 0.99)] ?? 0).toFixed(0),
    ];
    console.log(`| ${[isWritten ? "and written to a queue" : "kept alone", ...figures].join(" | ")} |`);
  }
  console.log(`\n${describeMachine()}`);
} finally {
  await app.stop();
}

async function enrol(hostName: string) {
  const created = await app.call("POST", "/api/v1/enrolment-tokens", { body: {} });
  const { privateKey, publicKey } = newAgentKey();
  const body = { token: created.body.token, hostName, agentVersion: "1", publicKey };
  const answer = await app.call("POST", "/api/v1/agent/enrol", { token: null, body });
  if (answer.status >= 300) throw new Error(answer.text);
  return { privateKey, agentId: answer.body.agentId };
}

/** Pushes once; answers the milliseconds it took. */
function createSender({ privateKey, agentId }: Awaited<ReturnType<typeof enrol>>) {
  return async (round: number): Promise<number> => {
    const scrapedAtMs = Date.now();
    const exposition = lines.map((line) => `${line}${round}.5\n`);
    const push = { batchId: randomUUID(), scrapedAtMs, exposition: exposition.join("") };
    const startedAtMs = performance.now();
    const token = signToken(privateKey, agentId, Date.now());
    const { status, text } = await app.call("POST", "/api/v1/agent/metrics", { token, body: push });
    if (status !== 200) throw new Error(text);
    return performance.now() - startedAtMs;
  };
}
