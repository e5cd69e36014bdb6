import { logLimits } from "@mycloud/protocol/log-terms";
import type { OutgoingRecord } from "./outgoing-record.ts";

/** Cuts text at a character's end so that its UTF-8 has no more bytes than that. Pure. */
export function cutText(text: string, maximumBytes: number): string {
  // No character of UTF-16 takes more than three bytes.
  if (text.length * 3 <= maximumBytes || Buffer.byteLength(text) <= maximumBytes) return text;
  const bytes = Buffer.from(text);
  let end = maximumBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString("utf8", 0, end);
}

/** Makes a record fit `logLimits`: what is too long is cut, fields that are too many are left out, and the field `truncated` says so. */
export function fitLimits(record: OutgoingRecord): void {
  const message = cutText(record.message, logLimits.message);
  const service = record.service.length > logLimits.name ? record.service.slice(0, logLimits.name) : record.service;
  let isCut = message !== record.message || service !== record.service;
  record.message = message;
  record.service = service;
  let count = 0;
  for (const name in record.fields) {
    const value = record.fields[name];
    // One place is kept for the mark.
    if (++count >= logLimits.fields || name.length > logLimits.fieldName || value === undefined) {
      delete record.fields[name];
      isCut = true;
    } else if (typeof value === "string") {
      const cut = cutText(value, logLimits.fieldValue);
      if (cut === value) continue;
      record.fields[name] = cut;
      isCut = true;
    }
  }
  if (isCut) record.fields.truncated = true;
}
