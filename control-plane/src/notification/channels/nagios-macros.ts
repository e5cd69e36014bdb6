import { isBundle, type QueuedContent } from "../mail/bundle-content.ts";
import { formatDuration } from "../mail/format-time.ts";
import type { MessageContent } from "../mail/message-content.ts";
import type { ChannelMessage } from "./channel.ts";
import { macroNames } from "./macro-names.ts";
import { type ObservedObject, observedMacros } from "./observed-macros.ts";
import { type MacroSurroundings, surroundingMacros } from "./surrounding-macros.ts";
import { returnCodeOf } from "./ws-arbiter.ts";

/** What the database knows of a message's objects when a command is run; null where they are gone. */
export interface MacroFacts {
  readonly hostState: string;
  readonly hostVariables: Readonly<Record<string, string>>;
  readonly serviceVariables: Readonly<Record<string, string>>;
  /** What is stored of both; absent where they are gone. */
  readonly host?: ObservedObject;
  readonly service?: ObservedObject;
  /** Null where there is nothing around: a message about many. */
  readonly around?: MacroSurroundings | null;
  /** What is the same for every message: PROCESSSTARTTIME, ADMINEMAIL. */
  readonly own?: Readonly<Record<string, string>>;
}

/** Nagios' macros of a message by their names without dollars: NOTIFICATIONTYPE, HOSTNAME, _HOSTRACK. Pure. */
export function nagiosMacros(message: ChannelMessage, facts: MacroFacts, nowMs: number): Record<string, string> {
  const { content, contact } = message;
  return {
    ...Object.fromEntries(macroNames.map((name) => [name, ""])),
    // Of a service's message nagios4 says that its host's was none.
    ...{ HOSTNOTIFICATIONNUMBER: "0", HOSTNOTIFICATIONID: "0" },
    ...facts.own,
    ...aboutNotification(message),
    ...(facts.host === undefined ? {} : observedMacros("HOST", facts.host, nowMs)),
    ...(facts.service === undefined ? {} : observedMacros("SERVICE", facts.service, nowMs)),
    ...(isBundle(content) ? aboutWorst(content) : aboutObject(content, facts)),
    ...(facts.around ? surroundingMacros(message, facts.around) : {}),
    CONTACTNAME: contact.name,
    CONTACTALIAS: contact.alias || contact.name,
    CONTACTEMAIL: contact.email,
    CONTACTPAGER: contact.pager,
    ...Object.fromEntries(
      [1, 2, 3, 4, 5, 6].map((at) => [`CONTACTADDRESS${at}`, contact.variables[`ADDRESS${at}`] ?? ""]),
    ),
    ...prefixed("_CONTACT", contact.variables),
    ...aboutTime(nowMs),
  };
}

function aboutNotification({ content, subject, messageId, facts }: ChannelMessage): Record<string, string> {
  const isSingle = !isBundle(content);
  const remark = isSingle ? (content.remark ?? "") : subject;
  // An acknowledgement's remark is "author: comment".
  const [, author = "", comment = remark] =
    (isSingle && content.type === "ACKNOWLEDGEMENT" ? /^([^:]*): (.*)$/s.exec(remark) : null) ?? [];
  return {
    NOTIFICATIONTYPE: content.type,
    NOTIFICATIONNUMBER: String(isSingle ? content.number : 1),
    NOTIFICATIONID: messageId,
    NOTIFICATIONISESCALATED: isSingle && content.via?.startsWith("escalation") === true ? "1" : "0",
    NOTIFICATIONRECIPIENTS: content.contactName,
    NOTIFICATIONAUTHOR: author,
    NOTIFICATIONAUTHORNAME: author,
    NOTIFICATIONAUTHORALIAS: author,
    NOTIFICATIONCOMMENT: comment,
    ...(isSingle && content.type === "ACKNOWLEDGEMENT"
      ? { HOSTACKAUTHOR: author, HOSTACKCOMMENT: comment, SERVICEACKAUTHOR: author, SERVICEACKCOMMENT: comment }
      : {}),
    NOTIFICATIONSUBJECT: subject,
    NOTIFICATIONLINK: facts.link,
  };
}

function aboutObject(content: MessageContent, facts: MacroFacts): Record<string, string> {
  const { serviceName, toState, hostName, attempt, maxCheckAttempts } = content;
  const startedAtMs = content.problemStartedAtMs ?? content.atMs;
  const lasted = Math.max(0, content.atMs - startedAtMs);
  const of = (kind: "HOST" | "SERVICE", state: string, isService: boolean) => ({
    [`${kind}STATE`]: state,
    [`${kind}STATEID`]: String(returnCodeOf(state, isService)),
    [`LAST${kind}STATE`]: content.fromState,
    [`LAST${kind}STATEID`]: String(returnCodeOf(content.fromState, isService)),
    [`${kind}STATETYPE`]: "HARD",
    [`${kind}ATTEMPT`]: String(attempt),
    [`MAX${kind}ATTEMPTS`]: String(maxCheckAttempts),
    [`${kind}OUTPUT`]: content.output,
    [`LONG${kind}OUTPUT`]: content.longOutput,
    [`${kind}PERFDATA`]: content.perfdata,
    [`${kind}DURATION`]: formatDuration(lasted),
    [`${kind}DURATIONSEC`]: String(Math.floor(lasted / 1000)),
    [`${kind}PROBLEMID`]: String(content.problemId ?? 0),
    [`${kind}NOTIFICATIONNUMBER`]: String(content.number),
    [`LAST${kind}STATECHANGE`]: String(Math.floor(content.atMs / 1000)),
    [`LAST${kind}${isService ? "OK" : "UP"}`]: String(Math.floor((content.lastOkAtMs ?? 0) / 1000)),
    [`${kind}BUSINESSIMPACT`]: String(content.businessImpact),
    [`${kind}IMPORTANCE`]: String(content.businessImpact),
  });
  return {
    HOSTNAME: hostName,
    HOSTALIAS: content.hostDisplayName ?? hostName,
    HOSTDISPLAYNAME: content.hostDisplayName ?? hostName,
    HOSTADDRESS: content.hostAddress ?? hostName,
    HOSTGROUPNAME: content.hostGroups[0] ?? "",
    HOSTGROUPNAMES: content.hostGroups.join(","),
    HOSTSTATE: facts.hostState,
    HOSTSTATEID: String(returnCodeOf(facts.hostState, false)),
    ...(serviceName === null ? of("HOST", toState, false) : of("SERVICE", toState, true)),
    ...(serviceName === null ? {} : { SERVICEDESC: serviceName, SERVICEDISPLAYNAME: serviceName }),
    ...prefixed("_HOST", facts.hostVariables),
    ...(serviceName === null ? {} : prefixed("_SERVICE", facts.serviceVariables)),
  };
}

/** A message about many has the worst object's names, so that a command written for one still makes sense. */
function aboutWorst(content: Extract<QueuedContent, { entries: unknown }>): Record<string, string> {
  const [worst] = content.entries;
  if (worst === undefined) return {};
  const kind = worst.serviceName === null ? "HOST" : "SERVICE";
  const output = `${content.messageCount} messages about ${content.objectCount} hosts and services`;
  return {
    HOSTNAME: worst.hostName,
    ...(worst.serviceName === null ? {} : { SERVICEDESC: worst.serviceName }),
    [`${kind}STATE`]: worst.state,
    [`${kind}STATEID`]: String(returnCodeOf(worst.state, kind === "SERVICE")),
    [`${kind}OUTPUT`]: output,
  };
}

function aboutTime(nowMs: number): Record<string, string> {
  const at = new Date(nowMs);
  const [date = "", time = ""] = at.toISOString().slice(0, 19).split("T");
  return {
    LONGDATETIME: longDateTime(at),
    SHORTDATETIME: `${date} ${time}`,
    DATE: date,
    TIME: time,
    TIMET: String(Math.floor(nowMs / 1000)),
  };
}

/** `Mon Nov 23 06:41:59 UTC 2026`, as nagios writes it. */
function longDateTime(at: Date): string {
  const [day = "", date = "", month = "", year = "", time = ""] = at.toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}

function prefixed(prefix: string, variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [`${prefix}${name}`, value]));
}

/** Macros as nagios gives them to commands: NAGIOS_HOSTNAME, NAGIOS__HOSTRACK. No environment may hold a NUL. Pure. */
export function macroEnvironment(macros: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...macros, ...addresses(macros) }).map(([name, value]) => [
      `NAGIOS_${name}`,
      value.replaceAll("\0", "").slice(0, 32_000),
    ]),
  );
}

/** In its environment nagios4 counts the addresses of a contact from 0, though their macros begin with 1; who reads either finds the first in 0. */
function addresses(macros: Readonly<Record<string, string>>): Record<string, string> {
  return macros.CONTACTADDRESS1 === undefined ? {} : { CONTACTADDRESS0: macros.CONTACTADDRESS1 };
}

/** A command's own arguments as the macros $ARG1$ to $ARG32$. Pure. */
export function argumentMacros(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.slice(0, 32).map((value, index) => [`ARG${index + 1}`, value]));
}

/** Replaces `$NAME$` in an argument; one that is unknown is empty and `$$` a dollar, as in Nagios. Pure. */
export function replaceMacros(text: string, macros: Readonly<Record<string, string>>): string {
  return text
    .replaceAll(/\$(\w*)\$/g, (_all, name: string) => (name === "" ? "$" : (macros[name] ?? "")))
    .replaceAll("\0", "");
}
