import { once } from "node:events";
import { createServer } from "node:http";

export interface MetricsEndpoint {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers GET /metrics, and nothing else. Rejects where it cannot listen. */
export async function startMetricsEndpoint(
  address: string,
  port: number,
  makePage: () => Promise<string>,
): Promise<MetricsEndpoint> {
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16_384 }, (request, response) => {
    const path = request.url?.split("?")[0];
    if (path !== "/metrics" || (request.method !== "GET" && request.method !== "HEAD")) {
      response.writeHead(404, { "content-type": "text/plain" }).end("metrics are at /metrics\n");
      return;
    }
    makePage().then(
      (page) => response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }).end(page),
      () => response.writeHead(500, { "content-type": "text/plain" }).end("the metrics could not be gathered\n"),
    );
  });
  server.maxConnections = 20;
  server.listen({ host: address, port });
  await once(server, "listening");
  const bound = server.address();
  return {
    port: typeof bound === "object" && bound !== null ? bound.port : port,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
