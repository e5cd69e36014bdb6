import { z } from "zod";

/**
 * Stable codes a client may switch on. Each domain error has one; the HTTP status follows from it (see `statusOfErrorCode`).
 */
export const ErrorCode = z.enum([
  "MYCLOUD_INPUT",
  "MYCLOUD_AUTHENTICATION",
  "MYCLOUD_NOT_ALLOWED",
  "MYCLOUD_NOT_FOUND",
  "MYCLOUD_CONFLICT",
  "MYCLOUD_PRECONDITION",
  "MYCLOUD_TOO_LARGE",
  "MYCLOUD_MISDIRECTED",
  "MYCLOUD_TOO_MANY_REQUESTS",
  "MYCLOUD_UNAVAILABLE",
  "MYCLOUD_INTERNAL",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

export const statusOfErrorCode = {
  MYCLOUD_INPUT: 400,
  MYCLOUD_AUTHENTICATION: 401,
  MYCLOUD_NOT_ALLOWED: 403,
  MYCLOUD_NOT_FOUND: 404,
  MYCLOUD_CONFLICT: 409,
  MYCLOUD_PRECONDITION: 412,
  MYCLOUD_TOO_LARGE: 413,
  MYCLOUD_MISDIRECTED: 421,
  MYCLOUD_TOO_MANY_REQUESTS: 429,
  MYCLOUD_UNAVAILABLE: 503,
  MYCLOUD_INTERNAL: 500,
} as const satisfies Record<ErrorCode, number>;

/** One fault in the input: where it is (`checks[3].timeoutSeconds`), what was seen, what was expected. */
export const InputIssue = z.object({
  field: z.string(),
  value: z.string().optional(),
  message: z.string(),
});
export type InputIssue = z.infer<typeof InputIssue>;

/** The body of every answer that is not 2xx. `isRetryable` says whether the same request can succeed later. */
export const ErrorBody = z.object({
  error: z.object({
    code: ErrorCode,
    message: z.string(),
    isRetryable: z.boolean(),
    issues: z.array(InputIssue).optional(),
    requestId: z.string().optional(),
  }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
