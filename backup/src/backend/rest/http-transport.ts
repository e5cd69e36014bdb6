import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { UnavailableError } from "../../error/index.ts";
import type { BandwidthLimits } from "../limit/index.ts";
import { readBody } from "./read-body.ts";

/** One request. `path` is below the repository's URL: `data/ab12...`. */
export interface RestRequest {
  readonly method: "GET" | "HEAD" | "POST" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** A longer answer is refused without reading it to its end. Default: `maximumBodyBytes`. */
  readonly atMostBytes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came back, whatever its status. The body is memory of its own. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface HttpTransportOptions {
  readonly url: URL;
  /** PEM; instead of the system's and Node's own list. */
  readonly certificateAuthority?: string | undefined;
  readonly connectTimeoutMs: number;
  /** How long nothing at all may move on a connection; a slow transfer that moves is let be. */
  readonly idleTimeoutMs: number;
  readonly limits?: BandwidthLimits | undefined;
}

export interface HttpTransport {
  /** Throws UnavailableError when there is no whole answer, or the signal's reason. */
  exchange(request: RestRequest): Promise<RestAnswer>;
  close(): void;
}

/** Larger than any index or pack file that restic or we write. */
const maximumBodyBytes = 2 ** 31;

/**
 * HTTP/1.1 over kept-alive connections. `node:http` rather than fetch: packs are in memory and go out in one write, without a stream
 * around them; on loopback that is twice as fast.
 */
export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const { url, certificateAuthority, limits } = options;
  const isTls = url.protocol === "https:";
  const agentOptions = { keepAlive: true, scheduling: "lifo", maxFreeSockets: 16 } as const;
  const agent = isTls
    ? new https.Agent({ ...agentOptions, ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }) })
    : new http.Agent(agentOptions);

  /** Starts a request and resolves with its answer's head. */
  async function send(request: RestRequest): Promise<IncomingMessage> {
    const { body, signal } = request;
    const target = new URL(request.path, url);
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const headers = { ...request.headers, ...(body ? { "content-length": String(body.byteLength) } : {}) };
    const sent = (isTls ? https : http).request(target, {
      method: request.method,
      agent,
      headers,
      ...(signal ? { signal } : {}),
    });
    sent.on("response", resolve);
    // After the answer's head these come too, when the server closes on a body it did not want: the answer counts then.
    sent.on("error", (error) => reject(explainLoss(error, sent)));
    sent.on("socket", (socket: Socket) => guardConnecting(socket, options.connectTimeoutMs));
    sent.setTimeout(options.idleTimeoutMs, () =>
      sent.destroy(new Error(`nothing moved for ${options.idleTimeoutMs / 1000} s`)),
    );
    if (body === undefined || !limits?.upload) sent.end(body);
    else void writePaced(sent, body, limits, signal);
    return promise;
  }

  return {
    exchange: async (request) => {
      request.signal?.throwIfAborted();
      try {
        const response = await send(request).catch((error: unknown) => {
          // A connection that the server closed just when it was used again says nothing about the server.
          if (error instanceof UnavailableError && isStaleConnection(error.cause)) return send(request);
          throw error;
        });
        const limit = request.atMostBytes ?? maximumBodyBytes;
        const body = await readBody(response, request.method, limit, limits?.download ?? null, request.signal);
        return { status: response.statusCode ?? 0, headers: response.headers, body };
      } catch (error) {
        request.signal?.throwIfAborted();
        throw error;
      }
    },
    close: () => agent.destroy(),
  };
}

/** Ends a connection that is not made in time. */
function guardConnecting(socket: Socket, timeoutMs: number): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeoutMs / 1000} s`)), timeoutMs);
  const stop = () => clearTimeout(timer);
  socket.once("connect", stop).once("close", stop);
}

async function writePaced(
  sent: ClientRequest,
  body: Uint8Array,
  { upload }: BandwidthLimits,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pieceBytes = upload?.pieceBytes ?? body.byteLength;
  try {
    for (let at = 0; at < body.byteLength && !sent.destroyed; at += pieceBytes) {
      const piece = body.subarray(at, at + pieceBytes);
      await upload?.take(piece.byteLength, signal);
      // What the line does not take yet waits in the request; the whole body is in memory anyway.
      sent.write(piece);
    }
    sent.end();
  } catch (error) {
    sent.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

interface LostConnection extends Error {
  readonly isReused: boolean;
}

function explainLoss(error: Error & { code?: string }, sent: ClientRequest): UnavailableError {
  const cause: LostConnection = Object.assign(error, { isReused: sent.reusedSocket });
  return new UnavailableError(words[error.code ?? ""] ?? error.message, { cause });
}

function isStaleConnection(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("isReused" in cause && cause.isReused === true)) return false;
  return "code" in cause && (cause.code === "ECONNRESET" || cause.code === "EPIPE");
}

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody listens there (connection refused)",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ENOTFOUND: "no such host name",
  EAI_AGAIN: "the host name cannot be looked up now",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "no connection in time",
};
