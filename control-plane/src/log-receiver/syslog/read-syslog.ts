import { isUtf8 } from "node:buffer";
import { parseSyslog } from "@mycloud/protocol/syslog";
import type { NewLogRecord } from "../../log-store/index.ts";
import type { RecordContext } from "../record/finish-record.ts";
import { recordFromSyslog } from "../record/record-from-syslog.ts";

/** A record of the bytes of one message. What is no UTF-8 is of an old device, and Latin-1. */
export function readSyslog(
  bytes: Uint8Array,
  isCut: boolean,
  toUtcMs: (localMs: number) => number,
  context: RecordContext,
): NewLogRecord {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A message that was cut may end within a character.
  const text = buffer.toString(isCut || isUtf8(buffer) ? "utf8" : "latin1");
  return recordFromSyslog(parseSyslog(text, { receivedAtMs: context.receivedAtMs, toUtcMs }), isCut, context);
}
