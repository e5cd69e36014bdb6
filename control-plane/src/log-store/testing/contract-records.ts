import type { NewLogRecord } from "../log-store.ts";

/** Noon of the day that contract tests are about. */
export const noonUs = Date.UTC(2026, 10, 20, 12) * 1000;
export const secondUs = 1_000_000;

/** A record at noon, but for what a test says. */
export function newRecord(some: Partial<NewLogRecord> = {}): NewLogRecord {
  return {
    timeUs: noonUs,
    host: "web1",
    hostId: 1,
    customer: "acme",
    source: "syslog",
    service: "sshd",
    severity: "info",
    facility: "auth",
    message: "a message",
    fields: {},
    ...some,
  };
}
