import {
  type CommandCall,
  customVariablesOf,
  expandCommand,
  type MacroValue,
  type NagiosObject,
  type Place,
  splitCheckCommand,
  textOf,
} from "@mycloud/checks/nagios-objects";
import type { ImportContext } from "./context.ts";

/** What a command comes to: words to run, or why there are none. */
export type MappedCommand = { readonly kind: "run"; readonly words: readonly string[] } | { readonly kind: "none" };

/** Whose macros stand in the command. */
export interface CommandOwner {
  readonly hostName: string;
  readonly host: NagiosObject | undefined;
  readonly service: NagiosObject | null;
  readonly contact?: NagiosObject;
}

/**
 * Expands a `check_command` or handler to program and arguments. Macros that are settled are put in; $HOSTNAME$ and $HOSTADDRESS$ stay, and with
 * `keepsOthers` all that only the moment knows. What needs a shell becomes `sh -c` when that is allowed, else a remark.
 */
export function mapCommand(
  text: string,
  place: Place,
  label: string,
  owner: CommandOwner,
  context: ImportContext,
  { keepsOthers = false }: { readonly keepsOthers?: boolean } = {},
): MappedCommand {
  const { remarks, commands, options } = context;
  const call: CommandCall = splitCheckCommand(text);
  const command = commands.get(call.name);
  const line = command === undefined ? undefined : textOf(command, "command_line");
  if (line === undefined) {
    remarks.add(place, `${label}: ${text.slice(0, 100)}`, `there is no command "${call.name}"`);
    return { kind: "none" };
  }
  const expanded = expandCommand(line, call, (name) => macroOf(name, owner, context, keepsOthers));
  for (const macro of expanded.unknown) {
    remarks.add(
      place,
      `${label}: $${macro}$ in command ${call.name}`,
      "has no value at import; it is left empty, as Nagios does",
    );
  }
  if (expanded.kind === "words") {
    const [program] = expanded.words;
    if (program !== undefined && program !== "") return { kind: "run", words: expanded.words };
    remarks.add(place, `${label}: ${text.slice(0, 100)}`, `command "${call.name}" is empty`);
    return { kind: "none" };
  }
  const what = `${label}: ${text.slice(0, 100)}`;
  if (options.allowShell) {
    remarks.add(place, what, `command "${call.name}" has ${expanded.because}; it runs by way of sh -c`);
    return { kind: "run", words: ["/bin/sh", "-c", expanded.line] };
  }
  remarks.add(
    place,
    what,
    `command "${call.name}" has ${expanded.because}, which needs a shell; --allow-shell carries it as sh -c`,
  );
  return { kind: "none" };
}

function macroOf(
  name: string,
  { hostName, host, service, contact }: CommandOwner,
  { macros }: ImportContext,
  keepsOthers: boolean,
): MacroValue {
  if (name === "HOSTNAME" || name === "HOSTADDRESS") return { keep: true };
  const known = macros.get(name);
  if (known !== undefined) return known;
  if (host !== undefined) {
    if (name === "HOSTALIAS") return textOf(host, "alias") ?? hostName;
    if (name === "HOSTDISPLAYNAME") return textOf(host, "display_name") ?? textOf(host, "alias") ?? hostName;
    if (name.startsWith("_HOST")) return customVariablesOf(host)[name.slice(5)];
  }
  if (service !== null) {
    if (name === "SERVICEDESC" || name === "SERVICEDISPLAYNAME") return textOf(service, "service_description");
    if (name.startsWith("_SERVICE")) return customVariablesOf(service)[name.slice(8)];
  }
  if (contact !== undefined && name.startsWith("_CONTACT")) return customVariablesOf(contact)[name.slice(8)];
  return keepsOthers && !/^USER\d+$/.test(name) ? { keep: true } : undefined;
}
