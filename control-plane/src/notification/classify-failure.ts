/** What a failed attempt to send means: `dead` = the mail server refused it for good, `retry` = it may work later. */
export interface SendFailure {
  readonly outcome: "retry" | "dead";
  /** The server's own words where it gave any, in one line. */
  readonly message: string;
  /** The failure is the connection's, so the next message would fail as well. */
  readonly isConnection: boolean;
}

const longestMessage = 500;

/**
 * Reads an error of the SMTP client. Only an answer to this message (to MAIL, RCPT or DATA) of class 5 is final (RFC 5321 §4.2.1): a refused
 * login or greeting says something about our configuration, and the messages are still wanted when that is mended. Pure.
 */
export function classifyFailure(error: unknown): SendFailure {
  const responseCode = numberProperty(error, "responseCode");
  const response = stringProperty(error, "response");
  const code = stringProperty(error, "code");
  const isAboutMessage = code === "EENVELOPE" || code === "EMESSAGE";
  const message = inOneLine(response ?? (error instanceof Error ? error.message : String(error)));
  if (isAboutMessage && responseCode !== undefined && responseCode >= 500) {
    return { outcome: "dead", message, isConnection: false };
  }
  // An address that cannot be written in SMTP at all never gets an answer.
  if (code === "EENVELOPE" && responseCode === undefined) return { outcome: "dead", message, isConnection: false };
  return { outcome: "retry", message, isConnection: !isAboutMessage };
}

function inOneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > longestMessage ? `${line.slice(0, longestMessage - 1)}…` : line;
}

function numberProperty(error: unknown, name: string): number | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === "number" ? value : undefined;
}

function stringProperty(error: unknown, name: string): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
