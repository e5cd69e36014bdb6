import { type Cleanup, freePort, startServer } from "../../test/support/index.ts";
import { residentMiB } from "../ingest/process-cost.ts";
import type { LivestatusProgram } from "./measure-queries.ts";
import { resultsOf, type Size } from "./watched.ts";

/** Starts a control plane that has heard of every service once. */
export async function prepareMycloud(cleanup: Cleanup, size: Size): Promise<LivestatusProgram> {
  const port = await freePort();
  const env = { MYCLOUD_LOG_LEVEL: "warn", MYCLOUD_LIVESTATUS: `127.0.0.1:${port}` };
  const server = await startServer(cleanup, { env });
  const rules = await server.api("GET", "/api/v1/notification-rules?perPage=1000");
  for (const { id } of rules.body.data) await server.api("DELETE", `/api/v1/notification-rules/${id}`);
  for (let host = 1; host <= size.hosts; host++) {
    const body = { name: `bench${host}`, groups: host % 2 === 0 ? ["even"] : [], maxCheckAttempts: 1 };
    const answer = await server.api("POST", "/api/v1/hosts", { body });
    if (answer.status !== 200) throw new Error(`host refused: ${JSON.stringify(answer.body)}`);
  }
  let batch: unknown[] = [];
  const send = async () => {
    const answer = await server.api("POST", "/api/v1/check-results", { body: batch });
    if (answer.body.accepted !== batch.length) throw new Error(`results refused: ${JSON.stringify(answer.body)}`);
    batch = [];
  };
  for (let host = 1; host <= size.hosts; host++) batch.push({ host: `bench${host}`, returnCode: 0, output: "up" });
  for (const result of resultsOf(size)) {
    batch.push(result);
    if (batch.length >= 2500) await send();
  }
  await send();
  return { port, residentMiB: () => residentMiB([server.process().pid]) };
}
