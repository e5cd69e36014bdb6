import { codeOf } from "@mycloud/backup/filesystem";
import type { ErrorCode } from "@mycloud/protocol/error";
import { FileError } from "./file-error.ts";

/** What the system refused, in words. Errors that are none of the system's stay as they are. Pure. */
export function toFileError(error: unknown, path: string): unknown {
  if (error instanceof FileError) return error;
  const say = (code: ErrorCode, message: string) => new FileError(code, message, { cause: error });
  switch (codeOf(error)) {
    case "ENOENT":
    case "ENOTDIR":
      return say("MYCLOUD_NOT_FOUND", `there is no ${path}`);
    case "ELOOP":
      return say("MYCLOUD_NOT_ALLOWED", `${path} leads over a symbolic link, and links are not followed`);
    case "EACCES":
    case "EPERM":
      return say("MYCLOUD_NOT_ALLOWED", `the agent has no right to do this with ${path}`);
    case "EROFS":
      return say("MYCLOUD_NOT_ALLOWED", `${path} lies on a file system that is mounted read-only`);
    case "EEXIST":
      return say("MYCLOUD_CONFLICT", `there is a ${path} already`);
    case "ENOTEMPTY":
      return say("MYCLOUD_CONFLICT", `${path} is not empty`);
    case "EBUSY":
    case "ETXTBSY":
      return say("MYCLOUD_CONFLICT", `${path} is in use by the system`);
    case "EXDEV":
      return say("MYCLOUD_CONFLICT", `${path} reaches over the border of a file system; copy it instead`);
    case "EINVAL":
    case "ENAMETOOLONG":
      return say("MYCLOUD_INPUT", `the file system does not take this name or place: ${path}`);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return say("MYCLOUD_UNAVAILABLE", `there is no room for it on the machine; nothing was changed at ${path}`);
    case "EIO":
      return say("MYCLOUD_UNAVAILABLE", `the machine's disk fails at ${path}`);
    default:
      return error;
  }
}
