import { timingSafeEqual } from "node:crypto";
import type { Request } from "express";
import { NotAllowedError } from "../error/index.ts";

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses what another site makes a browser send: an unsafe method from another origin, or with a session cookie but without that session's
 * token in `X-CSRF-Token`. Programs send neither Origin nor cookies and pass.
 */
export function refuseCrossSite(request: Request, csrfToken: string | null, publicUrl: string | null): void {
  if (safeMethods.has(request.method)) return;
  const { origin } = request.headers;
  if (
    request.headers["sec-fetch-site"] === "cross-site" ||
    (origin !== undefined && !isOwnOrigin(origin, request, publicUrl))
  ) {
    throw new NotAllowedError("this request came from another site");
  }
  if (csrfToken === null) return;
  const sent = request.headers["x-csrf-token"];
  if (typeof sent !== "string" || !isSame(sent, csrfToken)) {
    throw new NotAllowedError("header X-CSRF-Token is missing or not this session's; read it from GET /api/v1/session");
  }
}

function isOwnOrigin(origin: string, request: Request, publicUrl: string | null): boolean {
  if (publicUrl !== null && URL.parse(publicUrl)?.origin === origin) return true;
  const url = URL.parse(origin);
  return url !== null && url.host !== "" && url.host === request.host;
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
