import { BackupError } from "@mycloud/backup/error";
import { CommandError, type ExitCodeName } from "../../command-line/index.ts";

const exitCodes: Readonly<Record<string, ExitCodeName>> = {
  MYCLOUD_BACKUP_INPUT: "input",
  MYCLOUD_BACKUP_NOT_FOUND: "notFound",
  MYCLOUD_BACKUP_EXISTS: "conflict",
  MYCLOUD_BACKUP_WRONG_PASSWORD: "wrongPassword",
  MYCLOUD_BACKUP_DAMAGED: "failed",
  MYCLOUD_REPOSITORY_LOCKED: "locked",
  MYCLOUD_BACKUP_NOT_ALLOWED: "notAllowed",
  MYCLOUD_BACKUP_OUT_OF_SPACE: "cannotWrite",
  MYCLOUD_BACKUP_UNAVAILABLE: "unavailable",
};

/** An error of the engine as the command ends with it: its own words and code, and the exit code of its kind. Others as they are. */
export function asCommandError(error: unknown): unknown {
  if (!(error instanceof BackupError)) return error;
  return new CommandError(exitCodes[error.code] ?? "failed", error.message, { code: error.code, cause: error });
}
