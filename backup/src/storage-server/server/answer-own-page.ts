import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ForbiddenError, RequestError, UnauthenticatedError } from "../request/index.ts";
import { answerText } from "./answer.ts";
import { isLoopback } from "./listen-address.ts";
import type { StorageContext } from "./storage-context.ts";

/** Answers /healthz (the process runs), /readyz (it can take uploads) and /metrics. */
export async function answerOwnPage(
  request: IncomingMessage,
  response: ServerResponse,
  page: "healthz" | "readyz" | "metrics",
  context: StorageContext,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD")
    throw new RequestError(405, "MYCLOUD_INPUT", `${request.method} means nothing here`);
  if (page === "healthz") return answerText(response, 200, "ok\n");
  if (page === "readyz") {
    const fault = await context.isReady();
    return answerText(response, fault === null ? 200 : 503, `${fault ?? "ok"}\n`);
  }
  await admitToMetrics(request, context);
  answerText(response, 200, await context.metrics.expose(), context.metrics.contentType);
}

const forwardingHeaders = ["forwarded", "x-forwarded-for", "x-real-ip"];

// The figures name repositories, and so customers: without a token only this machine may read them, and not through a proxy on it.
async function admitToMetrics(request: IncomingMessage, context: StorageContext): Promise<void> {
  const token = await context.readMetricsToken();
  if (token === null) {
    const isForwarded = forwardingHeaders.some((name) => name in request.headers);
    if (isLoopback(request.socket.remoteAddress ?? "") && !isForwarded) return;
    throw new ForbiddenError(
      "metrics are for this machine only; --metrics-token-file opens them to bearers of a token",
    );
  }
  const presented = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const digest = (text: string) => createHash("sha256").update(text).digest();
  if (!timingSafeEqual(digest(presented), digest(token))) throw new UnauthenticatedError("metrics need their token");
}
