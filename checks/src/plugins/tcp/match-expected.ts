/** Whether a response fits, never will, or needs more bytes to tell. */
export type Match = "match" | "mismatch" | "undecided";

/** Holds what was received so far against the expected beginnings, as check_tcp's np_expect_match does. */
export function matchExpected(received: string, expected: readonly string[], isAll: boolean): Match {
  // The command line is UTF-8, what was received is kept byte for byte.
  const matches = expected.map((text) => matchOne(received, Buffer.from(text, "utf8").toString("latin1")));
  if (isAll) {
    if (matches.every((match) => match === "match")) return "match";
    return matches.includes("mismatch") ? "mismatch" : "undecided";
  }
  if (matches.includes("match")) return "match";
  return matches.includes("undecided") ? "undecided" : "mismatch";
}

function matchOne(received: string, expected: string): Match {
  if (received.startsWith(expected)) return "match";
  return expected.startsWith(received) ? "undecided" : "mismatch";
}
