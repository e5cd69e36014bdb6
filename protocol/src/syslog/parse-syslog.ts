import { readBsdTime, type TimeContext } from "./bsd-time.ts";
import { readIsoTime } from "./iso-time.ts";
import { type Priority, readPriority } from "./priority.ts";
import { readStructuredData } from "./structured-data.ts";
import type { SyslogMessage } from "./syslog-message.ts";

/**
 * Reads a message of syslog, of RFC 5424 or of RFC 3164 and what devices make of it. Nothing is refused: what is neither is kept whole, marked `raw`
 * with the reason. A line end or NUL at its end is no part of it. Pure.
 */
export function parseSyslog(text: string, context: TimeContext): SyslogMessage {
  const line = withoutEnd(text);
  const priority = readPriority(line);
  if (priority === null) return withoutPriority(line, context);
  // RFC 5424's version; a message of RFC 3164 that begins with `1 ` has no time.
  if (line.startsWith("1 ", priority.end)) return parseRfc5424(line, priority);
  return parseRfc3164(line.slice(priority.end), priority, context);
}

const noMessage = {
  fault: null,
  facility: null,
  severity: null,
  timeUs: null,
  hostName: null,
  appName: null,
  procId: null,
  msgId: null,
  structuredData: [],
} as const;

/** As files of syslog have it, and some devices send it. */
function withoutPriority(line: string, context: TimeContext): SyslogMessage {
  if (readBsdTime(line, context) !== null) return parseRfc3164(line, null, context);
  const fault = line.startsWith("<") ? "its PRI is not 0 to 191" : "it has no PRI";
  return { ...noMessage, format: "raw", fault, message: line };
}

function parseRfc5424(line: string, { facility, severity, end }: Priority): SyslogMessage {
  const raw = (fault: string): SyslogMessage => ({
    ...noMessage,
    format: "raw",
    fault,
    facility,
    severity,
    message: line.slice(end),
  });
  const header: string[] = [];
  let at = end + 2;
  for (const [name, most] of headerFields) {
    const space = line.indexOf(" ", at);
    if (space === -1) return raw(`it ends before ${name}`);
    if (space === at || space - at > most) return raw(`its ${name} is ${space === at ? "empty" : "too long"}`);
    header.push(line.slice(at, space));
    at = space + 1;
  }
  const [timestamp = "-", hostName = "-", appName = "-", procId = "-", msgId = "-"] = header;
  const timeUs = timestamp === "-" ? null : readIsoTime(timestamp);
  if (timeUs === null && timestamp !== "-") return raw("its TIMESTAMP is no time of RFC 5424");
  const data = readStructuredData(line, at);
  if (data === null) return raw("its STRUCTURED-DATA cannot be read");
  if (data.end < line.length && line[data.end] !== " ") return raw("something follows its STRUCTURED-DATA");
  return {
    format: "rfc5424",
    fault: null,
    facility,
    severity,
    timeUs,
    hostName: unlessNil(hostName),
    appName: unlessNil(appName),
    procId: unlessNil(procId),
    msgId: unlessNil(msgId),
    structuredData: data.elements,
    message: withoutBom(line.slice(data.end + 1)),
  };
}

/** With the lengths that are taken: longer than §6.1 has them, since many send longer names. */
const headerFields = [
  ["TIMESTAMP", 40],
  ["HOSTNAME", 255],
  ["APP-NAME", 255],
  ["PROCID", 255],
  ["MSGID", 255],
] as const;

function unlessNil(text: string): string | null {
  return text === "-" ? null : text;
}

function parseRfc3164(text: string, priority: Priority | null, context: TimeContext): SyslogMessage {
  // Cisco's sequence number, and `hostname:` before it, stand before the time.
  const cisco = /^(?:([A-Za-z][A-Za-z0-9._-]{0,254}): )?(?:\d{1,10}: )(?=[*.]?(?:[A-Z][a-z]{2} |\d{4}-))/.exec(text);
  const from = cisco?.[0].length ?? 0;
  const time = readBsdTime(from === 0 ? text : text.slice(from), context);
  const said = {
    ...noMessage,
    format: "rfc3164",
    facility: priority?.facility ?? null,
    severity: priority?.severity ?? null,
  } as const;
  if (time === null) {
    const { appName, procId, message } = readTag(text);
    return { ...said, appName, procId, message };
  }
  const rest = text.slice(from + time.end).replace(/^:? ?/, "");
  const isCisco = cisco !== null || text[from + time.end] === ":";
  const host = isCisco ? null : readHost(rest);
  const { appName, procId, message } = readTag(host === null ? rest : rest.slice(host.end));
  return { ...said, timeUs: time.timeUs, hostName: host?.name ?? cisco?.[1] ?? null, appName, procId, message };
}

/** What stands before the tag is the host; a tag that stands there itself, as BusyBox sends it, is none. */
function readHost(text: string): { readonly name: string; readonly end: number } | null {
  const match = /^([A-Za-z0-9_][A-Za-z0-9_.:%-]{0,254})(?: +: +| )/.exec(text);
  const name = match?.[1];
  if (match === null || name === undefined || name.endsWith(":")) return null;
  return { name, end: match[0].length };
}

/** `tag[pid]: message`, `tag: message`; without either all of it is the message. */
function readTag(text: string): Pick<SyslogMessage, "appName" | "procId" | "message"> {
  const match = /^([^\s[\]:<>"'{}]{1,128})(?:\[([^\]\s]{0,128})\])?:(?: |$)/.exec(text);
  const [all = "", appName = null, procId = null] = match ?? [];
  return { appName, procId: procId === "" ? null : procId, message: withoutBom(text.slice(all.length)) };
}

function withoutBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function withoutEnd(text: string): string {
  let end = text.length;
  for (; end > 0; end -= 1) {
    const code = text.charCodeAt(end - 1);
    if (code !== 0x0a && code !== 0x0d && code !== 0) break;
  }
  return end === text.length ? text : text.slice(0, end);
}
