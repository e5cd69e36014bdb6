import { BackupError } from "@mycloud/backup/error";
import { ConflictError, InputError, NotFoundError, UnavailableError } from "../error/index.ts";

/** What reading a repository throws, as those who asked are to hear it. What nobody threw on purpose stays as it is. */
export function toDomainError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (!(error instanceof BackupError)) return error;
  const { code, message, isRetryable } = error;
  switch (code) {
    case "MYCLOUD_BACKUP_INPUT":
      return new InputError(message);
    case "MYCLOUD_BACKUP_NOT_FOUND":
      return new NotFoundError(message);
    // Stored bytes are not what was written: asking again does not help, but a repair does.
    case "MYCLOUD_BACKUP_DAMAGED":
      return new ConflictError(`the repository is damaged: ${message}`);
    default:
      return isRetryable
        ? new UnavailableError(message, 5, error)
        : new ConflictError(`the repository cannot be read: ${message}`);
  }
}

/** A body whose failures are such errors; ended before its first bytes, it ends what is behind it. */
export function domainBody(body: AsyncGenerator<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const bytes = withDomainErrors(body, signal);
  const end = bytes.return.bind(bytes);
  bytes.return = async (value) => {
    await body.return(undefined);
    return await end(value);
  };
  return bytes;
}

async function* withDomainErrors(body: AsyncGenerator<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw toDomainError(error, signal);
  }
}
