import type { ErrorCode, InputIssue } from "@mycloud/protocol/error";

interface DomainErrorOptions {
  readonly cause?: unknown;
  readonly issues?: readonly InputIssue[];
  /** Seconds after which trying again makes sense; answered as Retry-After. */
  readonly retryAfterSeconds?: number;
}

/** Something a caller has to know: a stable code, a sentence, and whether the same request can succeed later. Knows no HTTP. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly isRetryable: boolean;
  readonly issues: readonly InputIssue[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, isRetryable: boolean, options: DomainErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.isRetryable = isRetryable;
    this.issues = options.issues;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The input is wrong; `issues` names each field. */
export class InputError extends DomainError {
  constructor(message: string, issues: readonly InputIssue[] = []) {
    super("MYCLOUD_INPUT", message, false, { issues });
  }
}

/** Nobody known is asking. */
export class AuthenticationError extends DomainError {
  constructor(message: string) {
    super("MYCLOUD_AUTHENTICATION", message, false);
  }
}

/** Somebody known is asking for what their role or scope does not cover. */
export class NotAllowedError extends DomainError {
  constructor(message: string) {
    super("MYCLOUD_NOT_ALLOWED", message, false);
  }
}

/** It does not exist, or is not theirs to see. */
export class NotFoundError extends DomainError {
  constructor(message: string) {
    super("MYCLOUD_NOT_FOUND", message, false);
  }
}

/** It contradicts what is stored: a taken name, a host that is still referenced. */
export class ConflictError extends DomainError {
  constructor(message: string, issues: readonly InputIssue[] = []) {
    super("MYCLOUD_CONFLICT", message, false, { issues });
  }
}

/** It is not, or no longer, as the request's condition says (If-Match). */
export class PreconditionError extends DomainError {
  constructor(message: string) {
    super("MYCLOUD_PRECONDITION", message, false);
  }
}

/** Another control plane on this database waits for it: to be sent again over another connection. */
export class MisdirectedError extends DomainError {
  constructor(message: string) {
    super("MYCLOUD_MISDIRECTED", message, true);
  }
}

/** Too much in one request. */
export class TooLargeError extends DomainError {
  constructor(message: string) {
    super("MYCLOUD_TOO_LARGE", message, false);
  }
}

/** Too often; `retryAfterSeconds` says when again. */
export class TooManyRequestsError extends DomainError {
  constructor(message: string, retryAfterSeconds: number) {
    super("MYCLOUD_TOO_MANY_REQUESTS", message, true, { retryAfterSeconds });
  }
}

/** Not now: the database is away, the queue is full. */
export class UnavailableError extends DomainError {
  constructor(message: string, retryAfterSeconds = 5, cause?: unknown) {
    super("MYCLOUD_UNAVAILABLE", message, true, { retryAfterSeconds, cause });
  }
}
