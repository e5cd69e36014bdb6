import type { OptionValues } from "../../plugin/option-values.ts";
import type { Fault } from "./judge-answer.ts";
import { hostHeaderOf } from "./plan-request.ts";
import { exchange, type HttpAnswer, type HttpExchange } from "./request.ts";

/** The last answer of a chain of redirects, and where it came from. */
export interface Followed {
  readonly answer: HttpAnswer;
  readonly request: HttpExchange;
  readonly redirects: number;
  /** Why following stopped short; undefined when it did not. */
  readonly problem: Fault | undefined;
}

const FOLLOWING = new Set(["follow", "sticky", "stickyport"]);

/** Sends a request and follows redirects where -f says so. */
export async function exchangeFollowing(
  first: HttpExchange,
  options: OptionValues,
  signal: AbortSignal,
): Promise<Followed> {
  const mode = options.text("onredirect") ?? "ok";
  const most = options.number("max-redirs", { min: 0, max: 100, isInteger: true }) ?? 15;
  let request = first;
  for (let redirects = 0; ; redirects += 1) {
    const answer = await exchange(request, signal);
    const location = answer.headers.get("location");
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.statusCode);
    if (!isRedirect || !FOLLOWING.has(mode)) return { answer, request, redirects, problem: undefined };
    if (location === undefined) return { answer, request, redirects, problem: warn("redirect without a Location") };
    if (redirects >= most)
      return { answer, request, redirects, problem: warn(`more than ${most} redirects, the next to ${location}`) };
    const next = redirectTo(request, location, answer.statusCode, mode);
    if (next === undefined)
      return { answer, request, redirects, problem: warn(`redirect to "${location}", which cannot be followed`) };
    if (isSame(request, next))
      return { answer, request, redirects, problem: { returnCode: 2, text: `redirect to itself (${location})` } };
    request = next;
  }
}

function warn(text: string): Fault {
  return { returnCode: 1, text };
}

/** The request a Location header asks for; undefined when it is no HTTP address. */
export function redirectTo(
  request: HttpExchange,
  location: string,
  statusCode: number,
  mode: string,
): HttpExchange | undefined {
  const scheme = request.isTls ? "https" : "http";
  const base = `${scheme}://${hostHeaderOf(request.siteName, request.port, request.isTls)}${request.path}`;
  if (!URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  if (url.protocol !== "http:" && url.protocol !== "https:") return undefined;
  const isTls = url.protocol === "https:";
  const siteName = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
  const isSticky = mode === "sticky" || mode === "stickyport";
  const isOtherSite = siteName !== request.siteName;
  // 303, and by custom 301 and 302, turn a POST into a GET (RFC 9110 section 15.4).
  const becomesGet = statusCode === 303 || (statusCode < 303 && request.method === "POST");
  return {
    ...request,
    isTls,
    host: isSticky ? request.host : siteName,
    port: mode === "stickyport" ? request.port : port,
    siteName,
    hostHeader: hostHeaderOf(siteName, port, isTls),
    path: url.pathname + url.search,
    ...(becomesGet ? { method: "GET", body: undefined } : {}),
    headers: request.headers.filter(
      // Credentials are for the site they were given for.
      ([name]) => !(isOtherSite && /^(authorization|cookie)$/i.test(name)) && !(becomesGet && /^content-/i.test(name)),
    ),
  };
}

function isSame(a: HttpExchange, b: HttpExchange): boolean {
  return (
    a.isTls === b.isTls &&
    a.host === b.host &&
    a.port === b.port &&
    a.siteName === b.siteName &&
    a.path === b.path &&
    a.method === b.method
  );
}
