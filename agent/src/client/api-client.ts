import { ErrorBody, type ErrorCode } from "@mycloud/protocol/error";
import { CommandError, type ExitCodeName } from "../command-line/index.ts";
import { parseJson } from "./credentials.ts";
import { type Instance, keptLogin } from "./find-instance.ts";

export interface ApiRequest {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON; a string is sent as NDJSON. */
  readonly body?: unknown;
  /** Sent piece by piece, as it comes, in place of `body`; NDJSON unless the headers say otherwise. */
  readonly pieces?: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Calls the API of one control plane. Throws CommandError with the exit code that belongs to the answer. */
export interface ApiClient {
  readonly instance: Pick<Instance, "url" | "source">;
  request(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", path: string, request?: ApiRequest): Promise<unknown>;
  /** For streams and cookies: the answer itself, already known to be 2xx. GET unless `method` says otherwise. */
  open(path: string, request?: ApiRequest & { readonly method?: "GET" | "POST" }): Promise<Response>;
}

const requestTimeoutMs = 60_000;

/** A client for this instance; a null token sends none. */
export function createApiClient(instance: Omit<Instance, "token"> & { readonly token: string | null }): ApiClient {
  const send = async (method: string, path: string, request: ApiRequest, signal: AbortSignal | undefined) => {
    const url = new URL(`${instance.url}${path}`);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const headers: Record<string, string> = { accept: "application/json", ...request.headers };
    if (instance.token !== null) headers.authorization = `Bearer ${instance.token}`;
    const init: RequestInit = { method, headers, redirect: "error", ...(signal ? { signal } : {}) };
    addBody(init, headers, request);
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      if (request.signal?.aborted) throw error;
      throw unreachable(instance, error);
    }
    if (!response.ok) throw refusal(instance, response.status, await response.text());
    return response;
  };
  return {
    instance,
    request: async (method, path, request = {}) => {
      const timeout = AbortSignal.timeout(requestTimeoutMs);
      const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
      const response = await send(method, path, request, signal);
      const text = await response.text();
      if (text === "") return undefined;
      const body = parseJson(text);
      if (body === undefined)
        throw new CommandError("unavailable", `what answers at ${instance.url} is no MyCloud: no JSON`);
      return body;
    },
    open: (path, request = {}) => send(request.method ?? "GET", path, request, request.signal),
  };
}

function addBody(init: RequestInit, headers: Record<string, string>, { body, pieces }: ApiRequest): void {
  if (body !== undefined) {
    headers["content-type"] ??= typeof body === "string" ? "application/x-ndjson" : "application/json";
    init.body = typeof body === "string" ? body : JSON.stringify(body);
  }
  if (pieces !== undefined) {
    headers["content-type"] ??= "application/x-ndjson";
    init.body = ReadableStream.from(pieces);
    init.duplex = "half";
  }
}

function unreachable(instance: Pick<Instance, "url" | "source">, error: unknown): CommandError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
  const isTimeout = error instanceof Error && error.name === "TimeoutError";
  const why = isTimeout ? `no answer within ${requestTimeoutMs / 1000} s` : (explain(code) ?? String(cause));
  const from = instance.source === instance.url ? "" : ` (address from ${instance.source})`;
  return new CommandError("unavailable", `the control plane at ${instance.url} is not reachable: ${why}${from}`, {
    cause: error,
  });
}

function explain(code: string | undefined): string | undefined {
  if (code === "ECONNREFUSED") return "nothing listens there; is it running?";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "its name cannot be resolved";
  if (code === "UND_ERR_SOCKET" || code === "ECONNRESET") return "the connection was closed";
  return code;
}

const exitCodeOfError = {
  MYCLOUD_INPUT: "input",
  MYCLOUD_AUTHENTICATION: "notAllowed",
  MYCLOUD_NOT_ALLOWED: "notAllowed",
  MYCLOUD_NOT_FOUND: "notFound",
  MYCLOUD_CONFLICT: "conflict",
  MYCLOUD_PRECONDITION: "conflict",
  MYCLOUD_TOO_LARGE: "input",
  MYCLOUD_MISDIRECTED: "tryAgain",
  MYCLOUD_TOO_MANY_REQUESTS: "tryAgain",
  MYCLOUD_UNAVAILABLE: "tryAgain",
  MYCLOUD_INTERNAL: "failed",
} as const satisfies Record<ErrorCode, ExitCodeName>;

/** What a refusal means for the person; the API's own words where they help. */
export function refusal(instance: Pick<Instance, "url" | "source">, status: number, text: string): CommandError {
  const parsed = ErrorBody.safeParse(parseJson(text));
  if (!parsed.success) {
    return new CommandError(
      "unavailable",
      `what answers at ${instance.url} is no MyCloud: status ${status} without an error body`,
    );
  }
  const { code, message, issues } = parsed.data.error;
  const isRefused = code === "MYCLOUD_AUTHENTICATION" && instance.source !== "login";
  const again = instance.source === keptLogin ? `; log in again: mycloud login --server ${instance.url}` : "";
  const explained = isRefused
    ? `${instance.url} refused the token from ${instance.source}: ${message}${again}`
    : message;
  return new CommandError(exitCodeOfError[code], explained, { code, ...(issues ? { issues } : {}) });
}
