import type { IncomingMessage, ServerResponse } from "node:http";
import { RequestError } from "../request/index.ts";

/** Answers with JSON. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": text.length, ...headers });
  response.end(response.req.method === "HEAD" ? undefined : text);
}

/** Answers with a line of text. */
export function answerText(response: ServerResponse, status: number, text: string, contentType = "text/plain"): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, { "content-type": contentType, "content-length": bytes.length });
  response.end(response.req.method === "HEAD" ? undefined : bytes);
}

/** Answers with what went wrong, as JSON in the form every part of MyCloud uses. Faults of the server tell nothing of its inside. */
export function answerError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof RequestError
      ? error
      : new RequestError(500, "MYCLOUD_INTERNAL", "the server failed; its log says why");
  const isRetryable = [408, 429, 500, 503].includes(known.status);
  const body = { error: { code: known.code, message: known.message, isRetryable } };
  answerJson(response, known.status, body, known.headers);
}

/** How much of a refused body is read and thrown away, and for how long, so that the client gets to read the answer. */
const drainBytes = 64 * 1024 * 1024;
const drainMs = 5_000;

/**
 * Reads and discards what a client still sends after it has its answer: closing at once would reset the connection, and the client would see
 * that instead of the answer. Whoever sends too much or takes too long is cut off.
 */
export function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let left = drainBytes;
  const timer = setTimeout(() => request.socket.destroy(), drainMs);
  const stop = () => clearTimeout(timer);
  request.on("data", (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) request.socket.destroy();
  });
  request.once("end", stop).once("close", stop).once("error", stop);
  request.resume();
}
