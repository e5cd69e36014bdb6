import {
  type BackupError,
  ExistsError,
  InputError,
  NotAllowedError,
  NotFoundError,
  OutOfSpaceError,
  UnavailableError,
} from "../../error/index.ts";
import type { RestAnswer } from "./http-transport.ts";

/** The error that an answer other than 2xx means; `what` says what was asked, for people. Pure. */
export function refusal(what: string, answer: RestAnswer, nowMs: number): BackupError {
  const { status } = answer;
  const reason = `${what}: the server answers ${status}${quoted(answer)}`;
  if (status === 401) return new NotAllowedError(`${reason}; it wants a user name with password, or a token`);
  if (status === 403 || status === 405 || status === 501) return new NotAllowedError(reason);
  if (status === 404 || status === 410) return new NotFoundError(reason);
  if (status === 409) return new ExistsError(reason);
  // The same again would be answered the same; 408, 425 and 429 pass by themselves.
  if ([400, 411, 413, 414, 415, 421, 422].includes(status)) return new InputError(reason);
  if (status === 507) return new OutOfSpaceError(reason);
  if (status >= 300 && status < 400) {
    const target = answer.headers.location;
    return new NotFoundError(`${reason}; the repository seems to be at ${target ?? "another address"}: use that one`);
  }
  return new UnavailableError(reason, {
    retryAfterSeconds: parseRetryAfterSeconds(answer.headers["retry-after"], nowMs),
  });
}

/** `Retry-After`: seconds, or an HTTP date (RFC 9110, section 10.2.3). Null when absent or neither. Pure. */
export function parseRetryAfterSeconds(text: string | undefined, nowMs: number): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? null : Math.max(0, (atMs - nowMs) / 1000);
}

/** What the server says about it, as ` "words"`: the message of a JSON error body, or the first line of a text. */
function quoted({ body, headers }: RestAnswer): string {
  if (body.byteLength === 0 || body.byteLength > 16_384 || /html/.test(headers["content-type"] ?? "")) return "";
  const text = Buffer.from(body).toString("utf8");
  const words = (messageOf(text) ?? text.split("\n")[0] ?? "").replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return words === "" ? "" : ` "${words.slice(0, 300)}"`;
}

function messageOf(text: string): string | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    const inner = typeof parsed === "object" && parsed !== null && "error" in parsed ? parsed.error : parsed;
    if (typeof inner === "string") return inner;
    if (typeof inner === "object" && inner !== null && "message" in inner && typeof inner.message === "string") {
      return inner.message;
    }
  } catch {
    // It is no JSON after all: shown as text.
  }
  return undefined;
}
