import type { createServer, IncomingMessage, Server, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { expositionContentType } from "@mycloud/protocol/exposition";
import type { Logger } from "../logger/index.ts";
import type { Selection } from "../metrics-collector/index.ts";
import { createEncodingRoom } from "./encoding-room.ts";
import { type Admission, decide, faultOf, takesGzip } from "./request.ts";
import { createCertificateSource, createTokenCheck } from "./secret-files.ts";

/** Where and to whom metrics are told. */
export interface EndpointSettings {
  readonly address: { readonly host: string; readonly port: number };
  /** Null: plain HTTP. */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
  /** A file with a token a line; null: everybody is told. */
  readonly tokenFile: string | null;
}

export interface EndpointOptions extends EndpointSettings {
  /** The names of collectors that may be asked for. */
  readonly names: () => Promise<readonly string[]>;
  /** The exposition. Never rejects. */
  readonly scrape: (selection: Selection) => Promise<string>;
  readonly logger: Logger;
}

export interface MetricsEndpoint {
  /** As it is, also when port 0 was asked for. */
  readonly port: number;
  /** Ends connections. */
  stop(): Promise<void>;
}

/** A Prometheus, its twin, and somebody who looks. Each scrape holds the event loop for some milliseconds. */
const mostScrapes = 4;
const mostConnections = 64;
const requestTimeoutMs = 10_000;
/** Longer than the usual minute between scrapes, so that a connection, and its TLS, serves many. */
const idleMs = 75_000;
const lookAtCertificateMs = 60_000;
const landing = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>MyCloud agent</title></head>
<body><h1>MyCloud agent</h1><p><a href="/metrics">Metrics</a></p></body></html>\n`;

const compress = promisify(gzip);

/** Listens for scrapes. Throws when it cannot, or a file it needs cannot be read. */
export async function serveMetrics(options: EndpointOptions): Promise<MetricsEndpoint> {
  const { address, logger, names, scrape } = options;
  const onFault = (fault: string) => logger.error({ fault }, "metrics endpoint");
  const admission: Admission = options.tokenFile === null ? "everybody" : createTokenCheck(options.tokenFile, onFault);
  const encode = createEncodingRoom();
  let scrapes = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A body is nobody's business here.
    request.resume();
    const { method = "", url: target = "", headers } = request;
    const decision = decide({ method, target, authorization: headers.authorization }, admission);
    if (decision.kind === "refused") return refuse(request, response, decision.status, decision.message);
    if (decision.kind === "landing") return send(request, response, 200, "text/html; charset=utf-8", landing);
    if (method === "HEAD") return send(request, response, 200, expositionContentType, "");
    const fault = faultOf(decision.selection, await names());
    if (fault !== undefined) return refuse(request, response, 400, fault);
    if (scrapes >= mostScrapes) return refuse(request, response, 503, "too many scrapes at a time");
    scrapes++;
    try {
      const text = await scrape(decision.selection);
      response.setHeader("Vary", "Accept-Encoding");
      if (!takesGzip(singleHeader(headers["accept-encoding"]))) {
        return send(request, response, 200, expositionContentType, text);
      }
      response.setHeader("Content-Encoding", "gzip");
      const encoded = encode(text);
      // The first levels take a third of the time of the usual one, and make it a tenth larger.
      const packed = await compress(encoded.bytes, { level: 2 }).finally(encoded.giveBack);
      send(request, response, 200, expositionContentType, packed);
    } finally {
      scrapes--;
    }
  }

  function onRequest(request: IncomingMessage, response: ServerResponse): void {
    answer(request, response).catch((err: unknown) => {
      logger.error({ err }, "a scrape could not be answered");
      if (response.headersSent) response.destroy();
      else refuse(request, response, 500, "this went wrong here; the agent's log says what");
    });
  }

  const limits = {
    keepAliveTimeout: idleMs,
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    maxHeaderSize: 8_192,
  };
  const { server, stopLooking } = createListener(options, limits, onRequest, onFault);
  server.maxConnections = mostConnections;
  // What is not HTTP is answered shortly and says nothing of us.
  server.on("clientError", (_, socket) => {
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    else socket.destroy();
  });
  await listen(server, address);
  const bound = server.address();
  const port = bound === null || typeof bound === "string" ? address.port : bound.port;
  return {
    port,
    async stop() {
      stopLooking();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function createListener(
  { tls }: EndpointSettings,
  limits: Parameters<typeof createServer>[0] & object,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
  onFault: (fault: string) => void,
): { readonly server: Server; readonly stopLooking: () => void } {
  // As transport/http-connection.ts does: an import would cost 6 MB more.
  if (tls === null) {
    return {
      server: process.getBuiltinModule("node:http").createServer(limits, onRequest),
      stopLooking: () => undefined,
    };
  }
  const source = createCertificateSource(tls, onFault);
  const { createServer: createTlsServer } = process.getBuiltinModule("node:https");
  const server = createTlsServer({ ...limits, ...source.first, handshakeTimeout: requestTimeoutMs }, onRequest);
  // Certificates are renewed while the agent runs.
  const timer = setInterval(() => {
    try {
      const next = source.changed();
      if (next !== undefined) server.setSecureContext(next);
    } catch (error) {
      onFault(`the new certificate cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  }, lookAtCertificateMs);
  timer.unref();
  return { server, stopLooking: () => clearInterval(timer) };
}

function listen(server: Server, { host, port }: EndpointSettings["address"]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, message: string): void {
  if (status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="metrics"');
  if (status === 405) response.setHeader("Allow", "GET, HEAD");
  if (status === 503) response.setHeader("Retry-After", "1");
  send(request, response, status, "text/plain; charset=utf-8", `${message}\n`);
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
): void {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Cache-Control", "no-store");
  if (method === "HEAD") {
    response.writeHead(status, { "Content-Type": contentType }).end();
    return;
  }
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  response.writeHead(status, { "Content-Type": contentType, "Content-Length": bytes.length }).end(bytes);
}

function singleHeader(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(",") : header;
}
