import { createHash } from "node:crypto";
import type http from "node:http";
import type { IncomingMessage } from "node:http";
import type https from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/** How the server is recognised over https. */
export interface ServerTrust {
  /** SHA-256 (base64) of the server certificate's public key; when given, it decides alone. */
  readonly keySha256: string | null;
  /** PEM text of the CA to trust instead of the system's. */
  readonly ca: string | undefined;
}

/** One request. */
export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Below the server's base address: `api/v1/...`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is made piece by piece is sent as it is made; an answer that comes before its end ends it. */
  readonly body?: string | AsyncIterable<Uint8Array>;
  /** Over a connection that nothing else uses, before or after: for what may take long, and what is to reach another of several servers. */
  readonly isAlone?: boolean;
  /** How long the server may be silent before its answer begins, and between its parts. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface HttpConnection {
  /** Resolves when the head of the answer is there; throws when there is none. */
  open(request: HttpRequest): Promise<IncomingMessage>;
  close(): void;
}

/** Makes a connection to a base address, `http:` or `https:`. Sockets are kept open between requests. */
export async function createHttpConnection(baseUrl: string, trust: ServerTrust): Promise<HttpConnection> {
  const base = new URL(baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`);
  const isSecure = base.protocol === "https:";
  // An import would load all that node:http has at hand, undici and HTTP/2 too: 6 MB more for each agent.
  const module: typeof http | typeof https = process.getBuiltinModule(isSecure ? "node:https" : "node:http");
  const alone = new module.Agent({ keepAlive: false, ...(isSecure ? tlsOptions(trust) : {}) });
  const pool = new module.Agent({
    keepAlive: true,
    keepAliveMsecs: 30_000,
    // Servers close idle sockets after 5 s and more; ours goes first, so that no request meets a socket just closed.
    timeout: 4_000,
    maxSockets: 4,
    ...(isSecure ? tlsOptions(trust) : {}),
  });
  return {
    open: (request) => {
      const agent = request.isAlone === true ? alone : pool;
      return open(module, new URL(request.path, base), agent, request, isSecure ? trust : undefined);
    },
    close: () => {
      pool.destroy();
      alone.destroy();
    },
  };
}

function open(
  module: typeof http | typeof https,
  url: URL,
  pool: http.Agent,
  request: HttpRequest,
  trust: ServerTrust | undefined,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { method, body, signal } = request;
    const length = typeof body === "string" ? { "content-length": String(Buffer.byteLength(body)) } : {};
    const sent = module.request(
      url,
      {
        method,
        agent: pool,
        signal,
        timeout: request.timeoutMs,
        headers: { accept: "application/json", ...request.headers, ...length },
      },
      resolve,
    );
    sent.on("timeout", () => {
      sent.destroy(new Error(`the server was silent for ${Math.round(request.timeoutMs / 1000)} s`));
    });
    sent.on("error", reject);
    const send = () => {
      if (typeof body === "object") void sendPieces(sent, body);
      else sent.end(body);
    };
    if (trust?.keySha256 == null) send();
    else sendOnceTrusted(sent, trust.keySha256, send);
  });
}

/** Sends a body as it is made, no faster than it is taken. One that fails cuts the connection, so that nobody takes it for whole. */
async function sendPieces(sent: http.ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  sent.flushHeaders();
  let isOver = false;
  let wake: () => void = () => undefined;
  const onOver = () => {
    isOver = true;
    wake();
  };
  sent.once("response", onOver).once("close", onOver);
  sent.on("drain", () => wake());
  try {
    for await (const piece of body) {
      if (isOver) break;
      if (sent.write(piece)) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (isOver) resolve();
      });
    }
    if (!isOver) sent.end();
  } catch (error) {
    sent.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Holds the request back until the server has shown the pinned key: not even the token reaches a stranger. */
function sendOnceTrusted(sent: http.ClientRequest, keySha256: string, send: () => void): void {
  sent.on("socket", (socket) => {
    if (!isTls(socket)) return sent.destroy(new Error("the server's key cannot be seen"));
    const check = () => {
      const key = socket.getPeerX509Certificate()?.publicKey.export({ type: "spki", format: "der" });
      const seen = key === undefined ? "none" : createHash("sha256").update(key).digest("base64");
      if (seen === keySha256) send();
      else sent.destroy(new Error(`the server's key is sha256:${seen}, not the pinned sha256:${keySha256}`));
    };
    if (socket.getProtocol() !== null && !socket.connecting) check();
    else socket.once("secureConnect", check);
    return undefined;
  });
}

/** node:tls is loaded on https only; its class is not at hand to ask with instanceof. */
function isTls(socket: Socket): socket is TLSSocket {
  return "getPeerX509Certificate" in socket;
}

function tlsOptions(trust: ServerTrust): https.AgentOptions {
  if (trust.keySha256 !== null) return { rejectUnauthorized: false, maxCachedSessions: 0 };
  return trust.ca === undefined ? {} : { ca: trust.ca };
}
