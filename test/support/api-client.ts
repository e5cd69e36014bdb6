/** An answer of the API, whatever its status. `body` is parsed JSON, the text when it is none, or undefined when empty. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers and fail when they are not as expected
  readonly body: any;
}

export interface ApiRequest {
  /** Sent as JSON, unless it is a string: that is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Another token than the client's own; null sends none. */
  readonly token?: string | null;
  readonly signal?: AbortSignal;
}

/** Calls the API: `api("POST", "/api/v1/hosts", { body: { name: "web1" } })`. Throws only when there is no answer. */
export type Api = (method: string, path: string, request?: ApiRequest) => Promise<ApiAnswer>;

/** The API at `url`, by default with this token. */
export function createApi(url: string, token: string | null): Api {
  return async (method, path, request = {}) => {
    const headers = new Headers(request.headers);
    const sent = request.token === undefined ? token : request.token;
    if (sent !== null && !headers.has("authorization")) headers.set("authorization", `Bearer ${sent}`);
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (request.signal) init.signal = request.signal;
    if (request.body !== undefined) {
      init.body = typeof request.body === "string" ? request.body : JSON.stringify(request.body);
      if (!headers.has("content-type")) headers.set("content-type", "application/json");
    }
    const response = await fetch(new URL(path, url), init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parse(text) };
  };
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
