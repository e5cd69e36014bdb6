import { posix } from "node:path";
import { byteString, displayText } from "@mycloud/backup/byte-string";
import { CommandError } from "../command-line/index.ts";

/** Where a relative path counts from. */
export interface Standpoint {
  readonly workingDirectory: string;
  /** Whether the command runs on the machine whose backups are meant. */
  readonly isHere: boolean;
  readonly hostName: string;
}

/**
 * A path that a person typed, as snapshots name it: absolute, without `.` and `..`, in the writing of `mycloud ls` (a backslash is `\\`, bytes that
 * are no text `\xNN`); a backslash that cannot be meant so stands for itself. Throws CommandError for a relative path on another machine. Pure.
 */
export function viewPathOf(typed: string, { workingDirectory, isHere, hostName }: Standpoint): string {
  if (typed === "") throw new CommandError("usage", "a path is empty");
  const text = /^(?:[^\\]|\\\\|\\x[0-9a-f]{2})*$/.test(typed) ? withoutControls(typed) : displayText(byteString(typed));
  if (posix.isAbsolute(text)) return normal(text);
  if (!isHere) {
    throw new CommandError(
      "usage",
      `"${typed}" counts from a folder of this machine; of ${hostName} write the path from / on`,
    );
  }
  return normal(`${displayText(byteString(workingDirectory))}/${text}`);
}

function normal(path: string): string {
  const normalized = posix.normalize(path).replace(/^\/+/, "/");
  return normalized.length > 1 ? normalized.replace(/\/$/, "") : normalized;
}

/** As `displayText` would, but for backslashes. */
function withoutControls(text: string): string {
  return text
    .split("\\")
    .map((part) => displayText(byteString(part)))
    .join("\\");
}
