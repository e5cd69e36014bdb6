import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { RequestError } from "../request/index.ts";
import { answerError } from "./answer.ts";
import { readCertificate } from "./certificate.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

/** Answers one request. */
type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that is not listening yet, with its limits set. */
export async function createHttpServer(options: ResolvedOptions, handle: Handler): Promise<Server | TlsServer> {
  const limits = {
    maxHeaderSize: 16 * 1024,
    keepAlive: true,
    noDelay: true,
    // How often unfinished heads are looked at: within the time they have.
    connectionsCheckingInterval: Math.min(5_000, options.headerTimeoutMs),
  };
  const { certificateFiles } = options;
  const server =
    certificateFiles === null
      ? createServer(limits, handle)
      : createTlsServer(
          { ...limits, ...(await readCertificate(certificateFiles)), handshakeTimeout: options.headerTimeoutMs },
          handle,
        );
  server.maxHeadersCount = 64;
  server.maxConnections = options.maxConnections;
  server.headersTimeout = options.headerTimeoutMs;
  // Heads and bodies have their own limits; an upload as a whole may take as long as it moves.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 65_000;
  // A client that takes nothing of an answer's end, or nothing at all.
  server.timeout = Math.max(4 * options.idleTimeoutMs, 120_000);
  // The body is asked for once it is known to be wanted.
  server.on("checkContinue", handle);
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
    answerError(
      response,
      new RequestError(417, "MYCLOUD_INPUT", "the only expectation that can be met is 100-continue"),
    );
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    const status =
      error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? "408 Request Timeout"
        : error.code === "HPE_HEADER_OVERFLOW"
          ? "431 Request Header Fields Too Large"
          : "400 Bad Request";
    if (!socket.writable) socket.destroy();
    else socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`, () => socket.destroy());
  });
  return server;
}
