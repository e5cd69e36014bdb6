import { z } from "zod";
import {
  BackupError,
  DamagedError,
  InputError,
  LockedError,
  NotAllowedError,
  NotFoundError,
  UnavailableError,
  WrongPasswordError,
} from "../error/index.ts";

/** An error on its way from one process to the other. */
export const ToldError = z.object({
  /** Null for one that nobody threw on purpose. */
  code: z.string().nullable(),
  message: z.string(),
  /** Of what is damaged. */
  object: z.string().optional(),
  retryAfterSeconds: z.number().nullable().optional(),
});
export type ToldError = z.infer<typeof ToldError>;

/** The error as data. */
export function tellError(error: unknown): ToldError {
  if (!(error instanceof BackupError)) {
    return { code: null, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  return {
    code: error.code,
    message: error.message,
    ...(error instanceof DamagedError ? { object: error.object } : {}),
    ...(error instanceof UnavailableError ? { retryAfterSeconds: error.retryAfterSeconds } : {}),
  };
}

/** The error from the data; what the other process did not throw on purpose is an Error without a code. */
export function errorOf({ code, message, object, retryAfterSeconds = null }: ToldError): Error {
  switch (code) {
    case "MYCLOUD_BACKUP_INPUT":
      return new InputError(message);
    case "MYCLOUD_BACKUP_NOT_FOUND":
      return new NotFoundError(message);
    case "MYCLOUD_BACKUP_DAMAGED":
      return new DamagedError(object ?? "repository", message.slice(object === undefined ? 0 : object.length + 2));
    case "MYCLOUD_BACKUP_WRONG_PASSWORD":
      return new WrongPasswordError(message);
    case "MYCLOUD_BACKUP_NOT_ALLOWED":
      return new NotAllowedError(message);
    case "MYCLOUD_REPOSITORY_LOCKED":
      return new LockedError(message);
    case "MYCLOUD_BACKUP_UNAVAILABLE":
      return new UnavailableError(message, { retryAfterSeconds });
    default:
      return new Error(message);
  }
}
