/** The base of every error this workspace throws on purpose. The message names what failed, the value seen and what was expected. */
export abstract class BackupError extends Error {
  abstract readonly code: string;
  /** Whether the same again later can succeed without anybody changing anything. */
  readonly isRetryable: boolean = false;
  override get name(): string {
    return this.constructor.name;
  }
}

/** An option, a pattern or a file that a person wrote is wrong; nothing was changed. */
export class InputError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_INPUT";
}

/** There is no such repository, snapshot, path or object. */
export class NotFoundError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_NOT_FOUND";
}

/** A repository exists there already, or an object of that name with other content. */
export class ExistsError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_EXISTS";
}

/** No key of the repository opens with this password. */
export class WrongPasswordError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_WRONG_PASSWORD";
}

/** Stored bytes are not what was written: a hash, a MAC or a structure is wrong. Nothing of them was used. */
export class DamagedError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_DAMAGED";
  /** The stored object, e.g. `data/ab12...`. */
  readonly object: string;
  constructor(object: string, message: string, options?: ErrorOptions) {
    super(`${object}: ${message}`, options);
    this.object = object;
  }
}

/** Somebody else holds a lock that excludes this operation. */
export class LockedError extends BackupError {
  readonly code = "MYCLOUD_REPOSITORY_LOCKED";
  override readonly isRetryable = true;
}

/** The storage refuses: token or password wrong, expired, or without this verb; append-only; held. */
export class NotAllowedError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_NOT_ALLOWED";
}

/** No space left: disk full (ENOSPC, EDQUOT) or quota reached (507). */
export class OutOfSpaceError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_OUT_OF_SPACE";
}

/** The storage does not answer, or answers that it cannot now; retries were made and ended. */
export class UnavailableError extends BackupError {
  readonly code = "MYCLOUD_BACKUP_UNAVAILABLE";
  override readonly isRetryable = true;
  /** How long the storage asked to be left alone (`Retry-After`), or null. */
  readonly retryAfterSeconds: number | null;
  constructor(message: string, options: ErrorOptions & { readonly retryAfterSeconds?: number | null } = {}) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
