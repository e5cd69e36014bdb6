import { ErrorBody } from "@mycloud/protocol/error";

/** What came of a request. Only `invalid` cannot be helped by trying again. */
export type Outcome<Value> = { readonly kind: "ok"; readonly value: Value } | Failure;

export interface Failure {
  /**
   * `unreachable`: no answer, or one that is none of ours. `busy`: try later (429, 5xx). `refused`: this agent is not let in (401, 403).
   * `conflict`: it contradicts what the server has (409). `invalid`: the server will never take this request.
   */
  readonly kind: "unreachable" | "busy" | "refused" | "conflict" | "invalid";
  /** One sentence for people. */
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** An HTTP answer, as far as it decides. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** Reads a failed answer. Pure. */
export function failureOf(answer: HttpAnswer): Failure {
  const { status } = answer;
  const message = errorMessage(answer.text) ?? `the server answered ${status}`;
  if (status === 401 || status === 403) return { kind: "refused", message };
  if (status === 409) return { kind: "conflict", message };
  if (status === 400 || status === 413 || status === 422) return { kind: "invalid", message };
  if (status === 429 || status >= 500) {
    const retryAfterSeconds = parseRetryAfter(answer.retryAfter);
    return { kind: "busy", message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
  // 404 and redirects: something else answers at this address, perhaps until a proxy is mended.
  return { kind: "unreachable", message: `${message} (is this the address of a MyCloud control plane?)` };
}

/** Seconds of a Retry-After header (RFC 9110 section 10.2.3, delay-seconds only). */
function parseRetryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,6}$/.test(value.trim()) ? Number(value) : undefined;
}

function errorMessage(text: string): string | undefined {
  try {
    const parsed = ErrorBody.safeParse(JSON.parse(text));
    if (!parsed.success) return undefined;
    const issue = parsed.data.error.issues?.[0];
    return issue === undefined
      ? parsed.data.error.message
      : `${parsed.data.error.message}: ${issue.field}: ${issue.message}`;
  } catch {
    return undefined;
  }
}
