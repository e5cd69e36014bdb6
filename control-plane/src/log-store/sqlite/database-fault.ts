/** What an error of SQLite means for a day's file. */
export type DatabaseFault = "full" | "corrupt" | "other";

// Primary result codes, https://sqlite.org/rescode.html
const full = 13;
const corrupt = 11;
const notADatabase = 26;

/** Pure. */
export function databaseFaultOf(error: unknown): DatabaseFault {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return "other";
  const code = error.errcode & 0xff;
  if (code === full) return "full";
  // A virtual table whose own tables were damaged says CORRUPT_VTAB, which has the same primary code.
  return code === corrupt || code === notADatabase ? "corrupt" : "other";
}

/** Pure. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
