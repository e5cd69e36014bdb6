import { parseSyslog } from "@mycloud/protocol/syslog";
import { newParsedLine, type ParseLine, setField } from "./parsed-line.ts";

/**
 * Makes the parser of syslog as files have it, with or without PRI: `Oct 11 22:14:15 host tag[pid]: text`, the same with ISO 8601's time, and RFC 5424. A
 * host that is another one than `hostName` becomes the field `syslog_host`.
 */
export function createSyslogParser(hostName: string, toUtcMs: (localMs: number) => number): ParseLine {
  return (line, readAtUs) => {
    const message = parseSyslog(line, { receivedAtMs: readAtUs / 1000, toUtcMs });
    if (message.format === "raw") return newParsedLine(line, message.fault);
    const parsed = newParsedLine(message.message);
    parsed.timeUs = message.timeUs;
    parsed.service = message.appName;
    parsed.severity = message.severity;
    parsed.facility = message.facility;
    const { fields } = parsed;
    if (message.procId !== null)
      setField(fields, "pid", /^\d{1,10}$/.test(message.procId) ? Number(message.procId) : message.procId);
    if (message.msgId !== null) setField(fields, "msgid", message.msgId);
    if (message.hostName !== null && message.hostName !== hostName && message.hostName !== hostName.split(".")[0]) {
      setField(fields, "syslog_host", message.hostName);
    }
    // Values of structured data lose their escapes.
    if (message.structuredData.length > 0) parsed.arePieces = false;
    for (const element of message.structuredData) {
      for (const [name, value] of element.params) setField(fields, `${element.id}.${name}`, value);
    }
    return parsed;
  };
}
