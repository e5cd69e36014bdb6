import type { BundleContent, BundleEntry } from "./bundle-content.ts";
import { consoleLink } from "./console-link.ts";
import { formatInstant } from "./format-time.ts";
import type { MessageFacts } from "./message-facts.ts";
import { headerText, objectName } from "./subject.ts";

const ofWhat = { GROUP: "", DIGEST: "Digest: ", STORM: "Storm: " } as const;

/** Works out what a message about many says. Pure. */
export function bundleFacts(content: BundleContent, publicUrl: string): MessageFacts {
  return {
    headline: bundleHeadline(content),
    tone: content.counts.some(({ state }) => isSevere(state)) ? "bad" : "unsure",
    lead: leadOf(content),
    output: content.entries.map(lineOf).join("\n"),
    longOutput:
      content.objectCount > content.entries.length
        ? `and ${content.objectCount - content.entries.length} more, which the console lists`
        : "",
    thresholds: [],
    background: [],
    details: content.label === "" ? [] : [["Group", content.label]],
    perfdata: [],
    link: consoleLink(publicUrl, 0, null),
    why: whyOf(content),
  };
}

/** `3 CRITICAL, 1 DOWN on web1 and 2 others`, in one line. Pure. */
export function bundleHeadline({ type, messageCount, counts, entries, objectCount }: BundleContent): string {
  const states = counts.map(({ state, count }) => `${count} ${state}`).join(", ");
  if (type === "STORM") return `${messageCount} notifications suppressed: ${states}`;
  const [first] = entries;
  const others = objectCount - 1;
  const names =
    first === undefined
      ? ""
      : `: ${objectName(first.hostName, first.serviceName)}${others > 0 ? ` and ${others} ${others === 1 ? "other" : "others"}` : ""}`;
  return `${ofWhat[type]}${states}${names}`;
}

/** The subject of a mail about many. Pure. */
export function bundleSubject(content: BundleContent): string {
  return `[MyCloud] ${headerText(bundleHeadline(content)).slice(0, 180).toWellFormed()}`;
}

function leadOf({ type, messageCount, objectCount, fromMs, untilMs, contactName }: BundleContent): string {
  const time = `between ${formatInstant(fromMs)} and ${formatInstant(untilMs)}`;
  const objects = `${objectCount} ${objectCount === 1 ? "host or service" : "hosts and services"}`;
  if (type === "STORM") {
    return `More messages a minute than ${contactName} gets: ${messageCount} about ${objects} were suppressed ${time}.`;
  }
  return `${messageCount} messages about ${objects} in one, ${time}.`;
}

function lineOf({ hostName, serviceName, state, output, isOver, type, atMs }: BundleEntry): string {
  const what = isOver ? `${state} (was a problem, is over)` : type === "PROBLEM" ? state : `${type} ${state}`;
  const words = output.split("\n")[0]?.trim().slice(0, 120).toWellFormed() ?? "";
  return `${formatInstant(atMs).slice(11, 19)}  ${what}  ${objectName(hostName, serviceName)}${words === "" ? "" : `: ${words}`}`;
}

function whyOf({ type, contactName, ruleName }: BundleContent): string {
  if (type === "STORM") return `${contactName} gets this as a contact; stormLimitPerMinute sets how many messages.`;
  return `${contactName} gets this by rule "${ruleName ?? ""}", which collects its messages.`;
}

function isSevere(state: string): boolean {
  return state === "CRITICAL" || state === "DOWN";
}
