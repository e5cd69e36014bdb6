import { type ErrorBody, statusOfErrorCode } from "@mycloud/protocol/error";
import type { ErrorRequestHandler } from "express";
import { DomainError, InputError, UnavailableError } from "../error/index.ts";
import { discardBody } from "./discard-body.ts";
import { requestContextOf } from "./request-context.ts";

/**
 * Answers every error as ErrorBody. What is not a domain error is our fault: it is logged with its stack and answered without a word
 * of it. `databaseTrouble` recognises errors after which the same request can succeed, and says them in a
 * sentence.
 */
export function answerErrors(databaseTrouble: (error: unknown) => string | null): ErrorRequestHandler {
  return async (error: unknown, request, response, _next) => {
    const context = requestContextOf(response);
    context.error = error;
    if (response.headersSent) {
      // Half an answer is out; cutting the connection is the only way left to say that it is not whole.
      response.destroy();
      return;
    }
    const domainError = asDomainError(error, databaseTrouble);
    const { code, message, isRetryable, issues, retryAfterSeconds } = domainError;
    const status = statusOfErrorCode[code];
    if (retryAfterSeconds !== undefined) response.setHeader("retry-after", String(Math.ceil(retryAfterSeconds)));
    if (status === 401) response.setHeader("www-authenticate", "Bearer");
    if (status === 413 && !(await discardBody(request))) response.setHeader("connection", "close");
    response.setHeader("cache-control", "no-store");
    const body: ErrorBody = {
      error: {
        code,
        message,
        isRetryable,
        ...(issues === undefined || issues.length === 0 ? {} : { issues: [...issues] }),
        requestId: context.requestId,
      },
    };
    response.status(status).json(context.describeError?.(domainError) ?? body);
  };
}

function asDomainError(error: unknown, databaseTrouble: (error: unknown) => string | null): DomainError {
  if (error instanceof DomainError) return error;
  const trouble = databaseTrouble(error);
  if (trouble !== null) return new UnavailableError(trouble, 5, error);
  // The router's own complaint about a path such as /%zz.
  if (error instanceof URIError) return new InputError("the path is not a valid URL");
  return new DomainError(
    "MYCLOUD_INTERNAL",
    "something failed inside MyCloud; its log has more under this request id",
    false,
    {
      cause: error,
    },
  );
}
