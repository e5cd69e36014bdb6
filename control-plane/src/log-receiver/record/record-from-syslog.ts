import type { SyslogMessage } from "@mycloud/protocol/syslog";
import type { NewLogRecord } from "../../log-store/index.ts";
import { finishRecord, type RecordContext } from "./finish-record.ts";
import { FlatFields } from "./flat-fields.ts";

/** A record of a message of syslog; what could not be read of it has the field `parse_error`. Pure. */
export function recordFromSyslog(message: SyslogMessage, isCut: boolean, context: RecordContext): NewLogRecord {
  const fields = new FlatFields();
  fields.add("procid", message.procId);
  fields.add("msgid", message.msgId);
  for (const { id, params } of message.structuredData) {
    const values = new Map<string, string>();
    for (const [name, value] of params) {
      const before = values.get(name);
      values.set(name, before === undefined ? value : `${before},${value}`);
    }
    for (const [name, value] of values) fields.add(`${id}.${name}`, value);
  }
  fields.add("parse_error", message.fault);
  if (isCut) fields.isTruncated = true;
  return finishRecord(
    {
      timeUs: message.timeUs,
      host: message.hostName,
      source: "syslog",
      service: message.appName ?? "syslog",
      severity: message.severity,
      facility: message.facility,
      message: message.message,
      fields,
    },
    context,
  );
}
