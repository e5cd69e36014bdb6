import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Cleanup } from "./cleanup.ts";

/** What happens to one request. Nothing said: it goes through. */
export interface Fault {
  /** Waits before it goes on, so that later requests overtake it. */
  readonly delayMs?: number;
  /** The server gets it twice. */
  readonly isDuplicated?: boolean;
  /** The server does not get it; the client's connection is cut. */
  readonly isDropped?: boolean;
  /** The server does what is asked, and the client's connection is cut before it hears of it. */
  readonly isAnswerDropped?: boolean;
  /** Answers with this status without asking the server. */
  readonly status?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly bytes: number;
  /** What the server answered; null when it was not asked. */
  readonly status: number | null;
}

export interface FaultyProxy {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Decides from now on; `count` is that of all requests so far, from 1. */
  setFaults(decide: (request: ProxiedRequest, count: number) => Fault): void;
}

export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
}

/** A proxy in front of an HTTP server that loses, repeats, delays and refuses as it is told. It ends with the test. */
export async function startFaultyProxy(cleanup: Cleanup, target: string): Promise<FaultyProxy> {
  const seen: SeenRequest[] = [];
  let decide: Parameters<FaultyProxy["setFaults"]>[0] = () => ({});
  let count = 0;
  const server = createServer((request, response) => {
    void pass(request, response).catch(() => response.destroy());
  });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/" } = request;
    const fault = decide({ method, path, authorization: request.headers.authorization ?? "" }, ++count);
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const body = Buffer.concat(pieces);
    const note = (status: number | null) => void seen.push({ method, path, bytes: body.length, status });
    if (fault.delayMs !== undefined) await sleep(fault.delayMs);
    if (fault.isDropped) {
      note(null);
      response.destroy();
      return;
    }
    if (fault.status !== undefined) {
      note(null);
      response.writeHead(fault.status).end();
      return;
    }
    if (fault.isDuplicated) note((await forward(target, request, body)).status);
    const answer = await forward(target, request, body);
    note(answer.status);
    if (fault.isAnswerDropped) response.destroy();
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanup.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    setFaults: (next) => {
      decide = next;
    },
  };
}

async function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer) {
  const sent = httpRequest(new URL(url ?? "/", target), { method, headers: { ...headers, connection: "close" } });
  // After an early answer the rest of the body may find nobody: the answer counts.
  sent.on("error", () => {});
  sent.end(body);
  const [answer]: IncomingMessage[] = await once(sent, "response");
  if (answer === undefined) throw new Error("no answer");
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece);
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: Buffer.concat(pieces) };
}
