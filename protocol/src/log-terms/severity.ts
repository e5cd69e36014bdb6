import type { LogSeverity } from "../log-record/severity.ts";

/** Syslog's severities by number, 0 the worst (RFC 5424 §6.2.1), in the words that syslog.conf and journalctl use. */
export const logSeverities = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"] as const;

/** Syslog's facilities by number (RFC 5424 §6.2.1), in the words of syslog.conf; 12 to 15 have none there. */
export const logFacilities = [
  "kern",
  "user",
  "mail",
  "daemon",
  "auth",
  "syslog",
  "lpr",
  "news",
  "uucp",
  "cron",
  "authpriv",
  "ftp",
  "ntp",
  "security",
  "console",
  "solaris-cron",
  "local0",
  "local1",
  "local2",
  "local3",
  "local4",
  "local5",
  "local6",
  "local7",
] as const;

const otherWords: Readonly<Record<string, LogSeverity>> = {
  emergency: "emerg",
  panic: "emerg",
  fatal: "crit",
  critical: "crit",
  severe: "err",
  error: "err",
  warn: "warning",
  information: "info",
  informational: "info",
  verbose: "debug",
  trace: "debug",
  fine: "debug",
};

/**
 * What programs write for a severity: syslog's words, the common others (`error`, `WARN`, `fatal`, `trace`), syslog's numbers 0 to 7, and the numbers
 * of pino and bunyan (10 to 60). Null for anything else. Pure.
 */
export function readSeverity(text: string): LogSeverity | null {
  // Most programs write one of few words, always in the same letters.
  return words.get(text) ?? words.get(text.trim().toLowerCase()) ?? null;
}

const byPinoLevel: Readonly<Record<string, LogSeverity>> = {
  "10": "debug",
  "20": "debug",
  "30": "info",
  "40": "warning",
  "50": "err",
  "60": "crit",
};

const words: ReadonlyMap<string, LogSeverity> = new Map([
  ...logSeverities.map((word) => [word, word] as const),
  ...logSeverities.map((word, number) => [String(number), word] as const),
  ...Object.entries(byPinoLevel),
  ...Object.entries(otherWords),
]);
