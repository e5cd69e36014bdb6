import type { Selection } from "../metrics-collector/index.ts";

/** A request's parts that matter. */
export interface MetricsRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly authorization: string | undefined;
}

/** What a request is answered with. */
export type Decision =
  | { readonly kind: "scrape"; readonly selection: Selection }
  | { readonly kind: "landing" }
  | { readonly kind: "refused"; readonly status: number; readonly message: string };

/** Who is let in: everybody, or whoever has a token that this takes. */
export type Admission = "everybody" | ((token: string) => boolean);

/** More names than there are collectors are a mistake or worse. */
const mostNames = 200;

/** Decides what a request gets; the method is looked at first, then who asks, then what for. Pure. */
export function decide(request: MetricsRequest, admission: Admission): Decision {
  const mark = request.target.indexOf("?");
  const path = mark === -1 ? request.target : request.target.slice(0, mark);
  if (path !== "/" && path !== "/metrics") return { kind: "refused", status: 404, message: "not found; try /metrics" };
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { kind: "refused", status: 405, message: "only GET and HEAD" };
  }
  if (path === "/") return { kind: "landing" };
  if (admission !== "everybody") {
    const token = /^Bearer +(\S+) *$/i.exec(request.authorization ?? "")?.[1];
    if (token === undefined || !admission(token)) {
      return { kind: "refused", status: 401, message: "a bearer token is needed" };
    }
  }
  return select(mark === -1 ? "" : request.target.slice(mark + 1));
}

function select(query: string): Decision {
  const parameters = new URLSearchParams(query);
  const collect = parameters.getAll("collect[]");
  const exclude = parameters.getAll("exclude[]");
  if (collect.length > 0 && exclude.length > 0) {
    return { kind: "refused", status: 400, message: "collect[] and exclude[] do not go together" };
  }
  if (collect.length + exclude.length > mostNames) return { kind: "refused", status: 400, message: "too many names" };
  return { kind: "scrape", selection: { collect, exclude } };
}

/** Why a selection cannot be had; undefined when it can. Pure. */
export function faultOf({ collect, exclude }: Selection, names: readonly string[]): string | undefined {
  const known = new Set(names);
  const unknown = [...collect, ...exclude].find((name) => !known.has(name));
  return unknown === undefined ? undefined : `no collector is named ${JSON.stringify(unknown.slice(0, 100))}`;
}

/** Whether an Accept-Encoding header takes gzip (RFC 9110 §12.5.3). Pure. */
export function takesGzip(header: string | undefined): boolean {
  for (const part of (header ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((word) => word.trim());
    if (coding !== "gzip" && coding !== "*") continue;
    const quality = parameters.find((parameter) => parameter.startsWith("q="));
    return quality === undefined || Number(quality.slice(2)) > 0;
  }
  return false;
}
