import { BackupError } from "@mycloud/backup/error";
import type { AgentAnswerHead } from "@mycloud/protocol/agent-question";
import type { ErrorCode } from "@mycloud/protocol/error";
import { FileError } from "../file-manager/index.ts";

const retryable: ReadonlySet<ErrorCode> = new Set(["MYCLOUD_UNAVAILABLE", "MYCLOUD_TOO_MANY_REQUESTS"]);

/** Why there is no answer, as it is sent. Pure. */
export function errorHead(code: ErrorCode, message: string): AgentAnswerHead {
  return { error: { code, message: message.slice(0, 2000), isRetryable: retryable.has(code) } };
}

/** An error as an answer; null for one that nobody threw on purpose. Pure. */
export function toErrorHead(error: unknown): AgentAnswerHead | null {
  if (error instanceof FileError) {
    return error.code === "MYCLOUD_INTERNAL" ? null : errorHead(error.code, error.message);
  }
  if (!(error instanceof BackupError)) return null;
  switch (error.code) {
    case "MYCLOUD_BACKUP_INPUT":
      return errorHead("MYCLOUD_INPUT", error.message);
    case "MYCLOUD_BACKUP_NOT_FOUND":
      return errorHead("MYCLOUD_NOT_FOUND", error.message);
    case "MYCLOUD_BACKUP_DAMAGED":
      // Stored bytes are not what was written: asking again does not help, but a repair does.
      return errorHead("MYCLOUD_CONFLICT", `the repository is damaged: ${error.message}`);
    default:
      return error.isRetryable
        ? errorHead("MYCLOUD_UNAVAILABLE", error.message)
        : errorHead("MYCLOUD_CONFLICT", `the repository cannot be read: ${error.message}`);
  }
}
