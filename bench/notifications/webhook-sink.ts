import { createServer } from "node:http";
import type { Cleanup } from "../../test/support/index.ts";

/** A message that arrived at the webhook, as far as the measurement looks at it. */
export interface Arrived {
  readonly contact: string;
  readonly type: string;
  readonly id: string;
  readonly messageCount: number;
  readonly objectCount: number;
  readonly states: readonly string[];
  readonly atMs: number;
}

/** A webhook on a free port that keeps what it gets. */
export async function startWebhookSink(
  cleanup: Cleanup,
): Promise<{ readonly url: string; readonly arrived: Arrived[] }> {
  const arrived: Arrived[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const message = JSON.parse(body);
      arrived.push({
        contact: message.contact,
        type: message.type,
        id: message.id,
        messageCount: message.messageCount ?? 1,
        objectCount: message.objectCount ?? 1,
        states: (message.counts ?? [{ state: message.state }]).map(({ state }: { state: string }) => state),
        atMs: performance.now(),
      });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  cleanup.after(() => void server.close());
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`, arrived };
}
