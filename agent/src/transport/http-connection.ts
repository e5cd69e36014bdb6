import { createHash } from "node:crypto";
import http, { type IncomingMessage } from "node:http";
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
  readonly body?: string;
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
  const module: typeof http | typeof https = isSecure ? await import("node:https") : http;
  const pool = new module.Agent({
    keepAlive: true,
    keepAliveMsecs: 30_000,
    // Servers close idle sockets after 5 s and more; ours goes first, so that no request meets a socket just closed.
    timeout: 4_000,
    maxSockets: 4,
    ...(isSecure ? tlsOptions(trust) : {}),
  });
  return {
    open: (request) => open(module, new URL(request.path, base), pool, request, isSecure ? trust : undefined),
    close: () => pool.destroy(),
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
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
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
    const send = () => sent.end(body);
    if (trust?.keySha256 == null) send();
    else sendOnceTrusted(sent, trust.keySha256, send);
  });
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
