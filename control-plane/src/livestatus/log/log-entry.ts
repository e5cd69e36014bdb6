import type { ViewedContact, ViewedHost, ViewedObject, ViewedService } from "../../status-view/index.ts";
import {
  type Column,
  contactColumns,
  hostColumns,
  int,
  ownServiceColumns,
  prefixed,
  prefixedIfAny,
  text,
  time,
} from "../column/index.ts";
import { seesContact } from "../viewer/index.ts";

/** Nagios' classes of log lines. */
export const logClass = { alert: 1, notification: 3, command: 5 } as const;

/** Something that happened, as Nagios' log tells it. */
export interface LogEntry {
  readonly id: number;
  readonly atMs: number;
  readonly class: number;
  /** What stands before the colon: `SERVICE ALERT`. */
  readonly type: string;
  readonly object: ViewedObject;
  readonly state: number;
  readonly stateWord: string;
  readonly stateType: string;
  readonly attempt: number;
  readonly output: string;
  readonly contactName: string;
  readonly commandName: string;
  readonly comment: string;
  /** What stands behind the colon. */
  readonly options: string;
}

const serviceWords = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];
const hostWords = ["UP", "DOWN", "UNREACHABLE"];

/** The number of a state's name and the word Nagios has for it; STALE is UNKNOWN, of a host UNREACHABLE. Pure. */
export function stateOfWord(word: string, isService: boolean): { readonly state: number; readonly word: string } {
  const words = isService ? serviceWords : hostWords;
  const known = words.indexOf(word);
  const state = known >= 0 ? known : word === "PENDING" ? 0 : isService ? 3 : 2;
  return { state, word: words[state] ?? word };
}

/** `host` or `host;service`. */
export function placeOf(object: ViewedObject): string {
  return object.kind === "host" ? object.name : `${object.host.name};${object.name}`;
}

export const logColumns: readonly Column<LogEntry>[] = [
  time("time", "When it happened", (entry) => entry.atMs),
  int("lineno", "Our own number of it", (entry) => entry.id),
  int("class", "1 alert, 3 notification, 5 command", (entry) => entry.class),
  text("type", "What it is: SERVICE ALERT, HOST NOTIFICATION, ...", (entry) => entry.type),
  text(
    "message",
    "The line of a Nagios log",
    (entry) => `[${Math.floor(entry.atMs / 1000)}] ${entry.type}: ${entry.options}`,
  ),
  text("options", "The line behind its colon", (entry) => entry.options),
  text("comment", "What somebody wrote", (entry) => entry.comment),
  text("plugin_output", "Output of the check", (entry) => entry.output),
  text("long_plugin_output", "Always empty", () => ""),
  int("state", "State", (entry) => entry.state),
  text("state_type", "HARD or SOFT; of flapping STARTED or STOPPED", (entry) => entry.stateType),
  text("state_info", "State and its type", (entry) => `${entry.stateType} (${entry.stateWord})`),
  int("attempt", "Attempt", (entry) => entry.attempt),
  text("host_name", "Host", ({ object }) => (object.kind === "host" ? object.name : object.host.name)),
  text("service_description", "Service; empty for a host", ({ object }) => (object.kind === "host" ? "" : object.name)),
  text("contact_name", "Who was told", (entry) => entry.contactName),
  text("command_name", "How they were told", (entry) => entry.commandName),
  ...prefixed<LogEntry, ViewedHost>("current_host_", hostColumns, ({ object }) =>
    object.kind === "host" ? object : object.host,
  ),
  ...prefixedIfAny<LogEntry, ViewedContact>("current_contact_", contactColumns, ({ contactName }, { view, viewer }) => {
    const contact = contactName === "" ? undefined : view.contactByName(contactName);
    return contact !== undefined && seesContact(viewer, contact) ? contact : undefined;
  }),
  text("current_command_name", "How they were told", (entry) => entry.commandName),
  text("current_command_line", "Always empty: channels are the contact's own", () => ""),
  ...prefixedIfAny<LogEntry, ViewedService>("current_service_", ownServiceColumns, ({ object }) =>
    object.kind === "service" ? object : undefined,
  ),
];
