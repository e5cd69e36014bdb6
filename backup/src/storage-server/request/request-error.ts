/** A request that ends in something else than success. The message is what the client is told. */
export class RequestError extends Error {
  readonly status: number;
  /** Stable; the protocol's error codes and, for 507 and the like, our own. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
  override get name(): string {
    return this.constructor.name;
  }
}

/** 400: the request makes no sense. */
export class BadRequestError extends RequestError {
  constructor(message: string) {
    super(400, "MYCLOUD_INPUT", message);
  }
}

/** 401: who asks is not known. */
export class UnauthenticatedError extends RequestError {
  constructor(message: string) {
    super(401, "MYCLOUD_AUTHENTICATION", message, {
      "www-authenticate": 'Basic realm="mycloud storage", charset="UTF-8", Bearer realm="mycloud storage"',
    });
  }
}

/** 403: who asks may not do this. */
export class ForbiddenError extends RequestError {
  constructor(message: string) {
    super(403, "MYCLOUD_NOT_ALLOWED", message);
  }
}

/** 404 */
export class MissingError extends RequestError {
  constructor(message: string) {
    super(404, "MYCLOUD_NOT_FOUND", message);
  }
}

/** 409: something else is there already. */
export class ConflictError extends RequestError {
  constructor(message: string) {
    super(409, "MYCLOUD_CONFLICT", message);
  }
}

/** 413 */
export class TooLargeError extends RequestError {
  constructor(message: string) {
    super(413, "MYCLOUD_TOO_LARGE", message);
  }
}

/** 429, with when to ask again. */
export class TooManyRequestsError extends RequestError {
  constructor(message: string, retryAfterSeconds: number) {
    super(429, "MYCLOUD_TOO_MANY_REQUESTS", message, { "retry-after": String(retryAfterSeconds) });
  }
}

/** 503, with when to ask again. */
export class BusyError extends RequestError {
  constructor(message: string, retryAfterSeconds: number) {
    super(503, "MYCLOUD_UNAVAILABLE", message, { "retry-after": String(retryAfterSeconds) });
  }
}

/** 507: the quota, the reserve or the disk has no room. */
export class NoSpaceError extends RequestError {
  constructor(message: string) {
    super(507, "MYCLOUD_OUT_OF_SPACE", message);
  }
}

/** 408: the client is too slow; its connection is closed. */
export class SlowClientError extends RequestError {
  constructor(message: string) {
    super(408, "MYCLOUD_TOO_SLOW", message, { connection: "close" });
  }
}
