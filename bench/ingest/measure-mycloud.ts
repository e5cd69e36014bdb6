import { createDatabase, startMariadb } from "../../test/peers/mariadb.ts";
import { type Cleanup, startServer, type TestServer } from "../../test/support/index.ts";
import { createBodyCycle } from "./body-cycle.ts";
import { measureRequests } from "./measure-requests.ts";
import type { Measured } from "./measured.ts";
import { conditions, resultNumber, serviceCount, singleResultConnections } from "./workload.ts";

export interface MeasureOptions {
  readonly database: "sqlite" | "mariadb";
  readonly batchSizes: readonly number[];
  readonly seconds: number;
}

/** What an agent's batches come over; more connections give no more. */
const batchConnections = [8] as const;

/** Measures a control plane of its own, started as users start it, on a database of its own. */
export async function measureMycloud(cleanup: Cleanup, options: MeasureOptions): Promise<Measured[]> {
  const { database, batchSizes, seconds } = options;
  const env: Record<string, string> = { MYCLOUD_LOG_LEVEL: "warn" };
  if (database === "mariadb") {
    const peer = await startMariadb({ isPrivate: true });
    cleanup.after(() => peer.stop());
    env.MYCLOUD_DATABASE_URL = await createDatabase(peer.url, "mycloud_bench");
  }
  const server = await startServer(cleanup, { env });
  await prepare(server);
  const target = {
    url: `${server.url}/api/v1/check-results`,
    headers: { authorization: `Bearer ${server.operatorToken}` },
  };
  const pids = [server.process().pid];
  const measured: Measured[] = [];
  for (const condition of conditions) {
    const position = { resultsSent: 0 };
    for (const batchSize of batchSizes) {
      const nextBody = createBodyCycle(position, condition, batchSize, (results) => results);
      for (const connections of batchSize === 1 ? singleResultConnections : batchConnections) {
        const figures = await measureRequests({ target, nextBody, batchSize, connections, seconds, pids });
        const path = `HTTP, ${batchSize} a request, ${connections} at once`;
        measured.push({ program: `MyCloud, ${database}`, path, condition, isDurable: true, ...figures });
      }
    }
  }
  await server.stop();
  return measured;
}

/** Registers all services, and leaves nobody to be told: this is about results, and the peers notify nobody either. */
async function prepare({ api }: TestServer): Promise<void> {
  const rules = await api("GET", "/api/v1/notification-rules?perPage=1000");
  for (const { id } of rules.body.data) await api("DELETE", `/api/v1/notification-rules/${id}`);
  for (let from = 0; from < serviceCount; from += 2500) {
    const body = Array.from({ length: 2500 }, (_, index) => resultNumber(from + index, "unchanged"));
    const answer = await api("POST", "/api/v1/check-results", { body });
    if (answer.body.accepted !== 2500) throw new Error(`registering failed: ${JSON.stringify(answer.body)}`);
  }
}
