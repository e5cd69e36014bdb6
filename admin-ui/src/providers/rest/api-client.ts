import type { ErrorBody } from "@mycloud/protocol/error";
import { type FormFaults, place } from "@mycloud/protocol/form-schema";
import { HttpError } from "react-admin";

/** Sends requests to the control plane with the session's cookie and CSRF token. */
export interface ApiClient {
  get<Answer>(path: string, signal?: AbortSignal): Promise<Answer>;
  send<Answer>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown, signal?: AbortSignal): Promise<Answer>;
  /** POSTs text as it is. */
  sendText<Answer>(path: string, text: string): Promise<Answer>;
  /** The answer's text. */
  text(path: string, signal?: AbortSignal): Promise<string>;
  /** Sends content as it is. */
  put(path: string, content: Blob, headers: Readonly<Record<string, string>>): Promise<void>;
  setCsrfToken(token: string | null): void;
}

/**
 * Faults by form field from an error's issues, nested as react-hook-form takes them: `channels[0].url` is at `channels`, `0`, `url`; a fault of the
 * whole input is the form's own message.
 */
export function fieldErrors(body: ErrorBody["error"]): Record<string, unknown> | undefined {
  if (!body.issues || body.issues.length === 0) return undefined;
  const errors: FormFaults = {};
  const general: string[] = [];
  for (const issue of body.issues) {
    const path = issue.field.split(/[.[\]]+/).filter((part) => part !== "");
    if (path.length > 0) place(errors, path, issue.message);
    else general.push(issue.message);
  }
  if (general.length > 0) errors.root = { serverError: general.join("; ") };
  return errors;
}

async function failure(response: Response): Promise<HttpError> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isErrorBody(body)) {
    const errors = fieldErrors(body.error);
    return new HttpError(body.error.message, response.status, { ...(errors ? { errors } : {}), error: body.error });
  }
  const hint = response.status >= 500 ? "the control plane is not answering properly" : response.statusText;
  return new HttpError(`${response.status}: ${hint}`, response.status);
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  return typeof error === "object" && error !== null && "message" in error && typeof error.message === "string";
}

/** Where a change that takes long sends whoever asked for it. */
const appliesPath = "/api/v1/applies";
const askAgainMs = 2_000;

/** Makes the client for the API under `/api/v1` of the page's own origin. */
export function createApiClient(
  fetchFunction: typeof fetch = (...all) => globalThis.fetch(...all),
  sleep: (milliseconds: number) => Promise<unknown> = (milliseconds) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds)),
): ApiClient {
  let csrfToken: string | null = null;

  async function respond(path: string, init: RequestInit): Promise<Response> {
    let response: Response;
    try {
      response = await fetchFunction(`/api/v1${path}`, { credentials: "same-origin", ...init });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new HttpError("The control plane cannot be reached; trying again when it answers.", 0);
    }
    if (!response.ok) throw await failure(response);
    return response;
  }

  async function request<Answer>(path: string, init: RequestInit): Promise<Answer> {
    const response = await respond(path, init);
    if (response.status === 204) return undefined as Answer;
    const answer: Answer = await response.json();
    const isUnderWay = response.status === 202 && response.headers.get("location") === appliesPath;
    if (isUnderWay) await applied();
    return answer;
  }

  /** Waits until the changes that the control plane carries out are done; what is decided is carried out, so that losing sight of it is no failure. */
  async function applied(): Promise<void> {
    for (let failures = 0; failures < 5; ) {
      await sleep(askAgainMs);
      try {
        const { data } = await request<{ data: readonly unknown[] }>("/applies", {});
        if (data.length === 0) return;
        failures = 0;
      } catch {
        failures++;
      }
    }
  }

  const csrfHeader = () => (csrfToken ? { "X-CSRF-Token": csrfToken } : {});
  return {
    get: (path, signal) => request(path, { headers: { Accept: "application/json" }, ...(signal ? { signal } : {}) }),
    send: (method, path, body, signal) =>
      request(path, {
        method,
        headers: {
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...csrfHeader(),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      }),
    sendText: (path, text) =>
      request(path, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "text/plain; charset=utf-8", ...csrfHeader() },
        body: text,
      }),
    text: async (path, signal) => (await respond(path, signal ? { signal } : {})).text(),
    put: async (path, content, headers) => {
      await respond(path, { method: "PUT", headers: { ...csrfHeader(), ...headers }, body: content });
    },
    setCsrfToken: (token) => {
      csrfToken = token;
    },
  };
}
