import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AgentConfiguration, AgentResultBatch } from "@mycloud/protocol/agent";

/** A control plane's outside that fails as it is told. */
export interface FaultServer {
  readonly url: string;
  readonly batches: AgentResultBatch[];
  readonly outcomes: { path: string; body: unknown }[];
  readonly requests: string[];
  configuration: AgentConfiguration;
  etag: string;
  /** Answers instead of the usual ones, by the end of the path; undefined = the usual one. */
  fault: (path: string) => { status: number; headers?: Record<string, string>; body?: string } | "hang" | undefined;
  /** Sends an event on every open stream. */
  send(event: string, data: unknown): void;
  streams(): number;
  stop(): Promise<void>;
}

/** Starts one on a free port, or on `port` to come back after `stop`. */
export async function startFaultServer(configuration: AgentConfiguration, port = 0): Promise<FaultServer> {
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part) => {
      text += String(part);
    });
    request.on("end", () => {
      const path = (request.url ?? "").replace("/api/v1/agent/", "");
      self.requests.push(path);
      const fault = self.fault(path);
      if (fault === "hang") return;
      if (fault !== undefined) {
        response.writeHead(fault.status, fault.headers).end(fault.body ?? "");
        return;
      }
      answer(path, text, request.headers["if-none-match"], response);
    });
  });

  function json(response: ServerResponse, body: unknown, headers: Record<string, string> = {}): void {
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  }

  function answer(path: string, text: string, ifNoneMatch: string | undefined, response: ServerResponse): void {
    if (path === "stream") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(": hello\n\n");
      streams.add(response);
      response.on("close", () => streams.delete(response));
    } else if (path === "configuration") {
      if (ifNoneMatch === self.etag) response.writeHead(304).end();
      else json(response, self.configuration, { etag: self.etag });
    } else if (path === "check-results") {
      const batch: AgentResultBatch = JSON.parse(text);
      self.batches.push(batch);
      json(response, { accepted: batch.results.length, dropped: 0, isDuplicate: false });
    } else if (path === "keepalive") {
      json(response, { receivedAtMs: Date.now(), configurationEtag: self.etag });
    } else {
      self.outcomes.push({ path, body: JSON.parse(text) });
      json(response, {});
    }
  }

  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  const self: FaultServer = {
    url: `http://127.0.0.1:${address.port}/`,
    batches: [],
    outcomes: [],
    requests: [],
    configuration,
    etag: '"1"',
    fault: () => undefined,
    send(event, data) {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    streams: () => streams.size,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}
