const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or directory"],
  ["EACCES", "permission denied"],
  ["EPERM", "operation not permitted"],
  ["ENOTDIR", "not a directory"],
  ["EISDIR", "is a directory"],
  ["ESTALE", "stale file handle (the file server lost it)"],
  ["EIO", "input/output error"],
  ["EMFILE", "too many open files"],
  ["ENOTCONN", "not connected"],
  ["ETIMEDOUT", "timed out"],
  ["EHOSTDOWN", "host is down"],
]);

/** Says what failed and why, in words: `cannot read /proc/loadavg: no such file or directory`. */
export function explainSystemError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (!("code" in error) || typeof error.code !== "string") return error.message;
  const reason = REASONS.get(error.code);
  if (reason === undefined) return error.message;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  return path === undefined ? reason : `cannot read ${path}: ${reason}`;
}

/** The reason alone, where the sentence already names the object. */
export function systemErrorReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return REASONS.get(code) ?? error.message;
}
