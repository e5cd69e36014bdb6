import type { ErrorCode } from "@mycloud/protocol/error";

/** Why something about a file cannot be done, in words for whoever asked. */
export class FileError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileError";
    this.code = code;
  }
}

export const notFound = (path: string) => new FileError("MYCLOUD_NOT_FOUND", `there is no ${path}`);
export const refused = (message: string) => new FileError("MYCLOUD_NOT_ALLOWED", message);
export const conflict = (message: string) => new FileError("MYCLOUD_CONFLICT", message);
