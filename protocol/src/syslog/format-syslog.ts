import { formatBsdTime } from "./bsd-time.ts";
import { formatPriority } from "./priority.ts";
import { formatStructuredData } from "./structured-data.ts";
import type { SyslogMessage } from "./syslog-message.ts";

/** What is sent: as it was parsed, or made of something else. */
export type OutgoingSyslog = Omit<SyslogMessage, "format" | "fault">;

/** A message of RFC 5424, without framing. What a header's field may not have becomes `_`; what is too long for it is cut. Pure. */
export function formatRfc5424(message: OutgoingSyslog): string {
  const { facility, severity, timeUs, hostName, appName, procId, msgId, structuredData, message: text } = message;
  const header = [
    `${formatPriority(facility, severity)}1`,
    timeUs === null ? "-" : formatTime(timeUs),
    headerField(hostName, 255),
    headerField(appName, 48),
    headerField(procId, 128),
    headerField(msgId, 32),
    formatStructuredData(structuredData),
  ];
  return text === "" ? header.join(" ") : `${header.join(" ")} ${text}`;
}

/** A message of RFC 3164, its time in UTC: what has no place in it (MSGID, structured data) is left out. Pure. */
export function formatRfc3164(message: OutgoingSyslog & { readonly timeUs: number }): string {
  const { facility, severity, timeUs, hostName, appName, procId, message: text } = message;
  const tag = appName === null ? "" : `${headerField(appName, 48).replace(/[[\]:]/g, "_")}`;
  const process = procId === null ? "" : `[${headerField(procId, 128).replace(/[[\]]/g, "_")}]`;
  const start = `${formatPriority(facility, severity)}${formatBsdTime(timeUs / 1000)} ${headerField(hostName, 255)}`;
  return tag === "" ? `${start} ${text}` : `${start} ${tag}${process}: ${text}`;
}

/** With its length before it, in bytes: octet counting (RFC 6587 §3.4.1, RFC 5425). Pure. */
export function frameByOctetCount(message: string): string {
  return `${Buffer.byteLength(message)} ${message}`;
}

function headerField(value: string | null, most: number): string {
  if (value === null) return "-";
  const cleaned = value.replace(/[^\x21-\x7e]/g, "_").slice(0, most);
  return cleaned === "" ? "-" : cleaned;
}

function formatTime(timeUs: number): string {
  const ms = Math.floor(timeUs / 1000);
  const us = String(timeUs - ms * 1000).padStart(3, "0");
  return new Date(ms).toISOString().replace("Z", `${us}Z`);
}
