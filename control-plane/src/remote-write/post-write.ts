import type { RemoteWriteInput } from "@mycloud/protocol/host-metrics";
import { type AddressGuard, guardedPost } from "../outgoing-request/index.ts";
import { compressRequest } from "./queued-samples.ts";

/** What a store said to a request. */
export type WriteOutcome =
  | { readonly kind: "taken" }
  /** It will never take this; `isSplittable` when less of it may be taken. */
  | { readonly kind: "refused"; readonly message: string; readonly isSplittable: boolean }
  /** It may take it later. */
  | { readonly kind: "away"; readonly message: string; readonly retryAfterMs: number | null };

/** Sends one encoded request to a store. */
export type PostWrite = (request: Uint8Array, signal: AbortSignal) => Promise<WriteOutcome>;

const usualTimeoutMs = 30_000;
const longestRetryAfterMs = 600_000;

/** How requests go to one store. */
export function createPostWrite(
  target: RemoteWriteInput,
  guard: AddressGuard,
  now: () => number,
  timeoutMs = usualTimeoutMs,
): PostWrite {
  const headers = {
    "content-type": "application/x-protobuf",
    "content-encoding": "snappy",
    "x-prometheus-remote-write-version": "0.1.0",
    ...authorization(target),
  };
  return async (request, signal) => {
    const body = compressRequest(request);
    try {
      const ca = target.ca === null ? {} : { ca: target.ca };
      const answer = await guardedPost({ url: target.url, headers, body, guard, timeoutMs, signal, ...ca });
      return outcomeOf(answer, now());
    } catch (error) {
      return { kind: "away", message: error instanceof Error ? error.message : String(error), retryAfterMs: null };
    }
  };
}

/** What an answer amounts to: 5xx and 429 are worth another try, every other refusal is final (remote write 1.0). Pure. */
export function outcomeOf(
  { status, body, retryAfter }: { readonly status: number; readonly body: string; readonly retryAfter: string | null },
  nowMs: number,
): WriteOutcome {
  if (status >= 200 && status < 300) return { kind: "taken" };
  const isRedirect = status >= 300 && status < 400;
  const said = isRedirect
    ? "redirects are not followed"
    : (body
        .trim()
        .split(/[\r\n]/)[0]
        ?.slice(0, 300) ?? "");
  const message = `HTTP ${status}${said === "" ? "" : `: ${said}`}`;
  if (status >= 500 || status === 429) {
    return { kind: "away", message, retryAfterMs: readRetryAfter(retryAfter, nowMs) };
  }
  return { kind: "refused", message, isSplittable: status === 400 || status === 413 || status === 422 };
}

/** Seconds or a date (RFC 9110, 10.2.3), as milliseconds from now; null when it is neither. Pure. */
export function readRetryAfter(text: string | null, nowMs: number): number | null {
  if (text === null) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestRetryAfterMs);
}

function authorization({ token, username, password }: RemoteWriteInput): { readonly authorization?: string } {
  if (token !== null && token !== "") return { authorization: `Bearer ${token}` };
  if (username === null) return {};
  return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}` };
}
