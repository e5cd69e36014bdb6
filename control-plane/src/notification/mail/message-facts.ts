import { type Perfdatum, parsePerfdata } from "@mycloud/checks/plugin-api";
import { thresholdsInWords } from "../../service/thresholds-in-words.ts";
import type { Background } from "../background.ts";
import { consoleLink } from "./console-link.ts";
import { formatDuration, formatInstant } from "./format-time.ts";
import type { MessageContent } from "./message-content.ts";
import { objectName } from "./subject.ts";

/** What text and HTML both say, in order; the two differ in drawing only. */
export interface MessageFacts {
  /** `CRITICAL: web1/disk`, the line a phone shows. */
  readonly headline: string;
  /** How the headline is coloured; never the only sign. */
  readonly tone: "good" | "bad" | "unsure" | "neutral";
  /** One sentence: what happened, since when or for how long. */
  readonly lead: string;
  readonly output: string;
  readonly longOutput: string;
  readonly thresholds: readonly string[];
  /** What changed before it broke, and what was logged. */
  readonly background: readonly Background[];
  readonly details: readonly (readonly [name: string, value: string])[];
  readonly perfdata: readonly Perfdatum[];
  readonly link: string;
  readonly why: string;
}

const mostPerfdata = 30;

/** Works out what a message says from its stored content. Pure. */
export function messageFacts(
  content: MessageContent,
  publicUrl: string,
  background: readonly Background[] = [],
): MessageFacts {
  const name = objectName(content.hostName, content.serviceName);
  return {
    headline: headlineOf(content, name),
    tone: toneOf(content),
    lead: leadOf(content, name),
    output: content.output.trim(),
    longOutput: content.longOutput.trim(),
    thresholds: thresholdsInWords(content.perfdata, 10),
    background: background.filter(({ lines }) => lines.length > 0),
    details: detailsOf(content),
    perfdata: parsePerfdata(content.perfdata).perfdata.slice(0, mostPerfdata),
    link: consoleLink(publicUrl, content.hostId, content.serviceId),
    why: whyOf(content),
  };
}

function headlineOf(content: MessageContent, name: string): string {
  switch (content.type) {
    case "PROBLEM":
      return `${content.toState}: ${name}`;
    case "RECOVERY":
      return `RECOVERED: ${name} is ${content.toState}`;
    case "ACKNOWLEDGEMENT":
      return `ACKNOWLEDGED: ${name} is ${content.toState}`;
    case "FLAPPINGSTART":
      return `FLAPPING: ${name}`;
    case "FLAPPINGSTOP":
      return `FLAPPING ENDED: ${name} is ${content.toState}`;
    case "DOWNTIMESTART":
      return `DOWNTIME BEGINS: ${name}`;
    case "DOWNTIMEEND":
      return `DOWNTIME ENDS: ${name} is ${content.toState}`;
    case "DOWNTIMECANCELLED":
      return `DOWNTIME CANCELLED: ${name} is ${content.toState}`;
    case "CUSTOM":
      return `NOTE: ${name} is ${content.toState}`;
    case "TEST":
      return "Test message";
  }
}

function toneOf({ type, toState }: MessageContent): MessageFacts["tone"] {
  if (type === "TEST" || type === "FLAPPINGSTART" || type === "DOWNTIMESTART") return "neutral";
  if (toState === "OK" || toState === "UP") return "good";
  return toState === "CRITICAL" || toState === "DOWN" ? "bad" : "unsure";
}

function leadOf(content: MessageContent, name: string): string {
  const at = formatInstant(content.atMs);
  const lasted = content.problemStartedAtMs === null ? null : formatDuration(content.atMs - content.problemStartedAtMs);
  switch (content.type) {
    case "PROBLEM": {
      // SOFT to HARD changes the certainty only.
      const what =
        content.fromState === content.toState
          ? `${name} is ${content.toState}, certain since ${at}`
          : `${name} went from ${content.fromState} to ${content.toState} at ${at}`;
      const isNew = content.problemStartedAtMs === null || content.problemStartedAtMs >= content.atMs;
      return isNew ? `${what}.` : `${what}; the problem has lasted for ${lasted}.`;
    }
    case "RECOVERY":
      return `${name} went from ${content.fromState} to ${content.toState} at ${at}${lasted === null ? "" : `, after ${lasted}`}.`;
    case "ACKNOWLEDGEMENT":
      return `Somebody is on it${lasted === null ? "" : `, ${lasted} after the problem began`}.`;
    case "FLAPPINGSTART":
      return `${name} has changed its state too often; it is ${content.toState} at ${at}. Single changes are not told until it settles.`;
    case "FLAPPINGSTOP":
      return `${name} has settled; it is ${content.toState} at ${at}.`;
    case "DOWNTIMESTART":
      return `A downtime began at ${at}.`;
    case "DOWNTIMEEND":
      return `A downtime ended at ${at}.`;
    case "DOWNTIMECANCELLED":
      return `A downtime was cancelled at ${at}.`;
    case "CUSTOM":
      return `Somebody sent this by hand at ${at}.`;
    case "TEST":
      return `Mail from MyCloud to ${content.contactName} works.`;
  }
}

function detailsOf(content: MessageContent): [string, string][] {
  const details: [string, string][] = [];
  const add = (name: string, value: string | null) => {
    if (value !== null && value !== "") details.push([name, value]);
  };
  add("Remark", content.remark);
  if (content.type === "TEST") return details;
  const shown =
    content.hostDisplayName === null || content.hostDisplayName === content.hostName
      ? ""
      : ` (${content.hostDisplayName})`;
  add("Host", `${content.hostName}${shown}${content.hostAddress === null ? "" : `, ${content.hostAddress}`}`);
  add("Service", content.serviceName);
  add(
    "State",
    content.type === "PROBLEM"
      ? `${content.toState}, attempt ${content.attempt} of ${content.maxCheckAttempts}`
      : content.toState,
  );
  if (content.problemStartedAtMs !== null) add("Problem since", formatInstant(content.problemStartedAtMs));
  if (content.type !== "RECOVERY" && content.toState !== "OK" && content.toState !== "UP") {
    if (content.lastOkAtMs !== null) {
      const output = content.lastOkOutput?.trim() ?? "";
      add("Last good", `${formatInstant(content.lastOkAtMs)}${output === "" ? "" : `: ${output}`}`);
    } else add("Last good", "never seen");
  }
  return details;
}

function whyOf(content: MessageContent): string {
  if (content.type === "TEST") return `${content.contactName} is a contact, and somebody pressed "Send test message".`;
  if (content.type === "RECOVERY" || content.type === "ACKNOWLEDGEMENT") {
    return `${content.contactName} gets this, having been told of the problem${content.ruleName === null ? "" : ` by rule "${content.ruleName}"`}.`;
  }
  return content.ruleName === null
    ? `${content.contactName} gets this as a contact.`
    : `${content.contactName} gets this by rule "${content.ruleName}"${content.via === null ? "" : `, ${content.via}`}${content.number > 1 ? `; it is message ${content.number} about the problem` : ""}.`;
}
