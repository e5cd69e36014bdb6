export type FormCommand =
  | { readonly isCommand: true; readonly line: string }
  | { readonly isCommand: false; readonly message: string };

/** The forms that become external commands: /acknowledge, /downtime and /recheck. */
export type CommandPath = "/acknowledge" | "/downtime" | "/recheck";

/**
 * Turns a form into the external command that Shinken's module makes of it, with its defaults (sticky 1, notify 0, persistent 1; fixed 1, duration
 * 86400, trigger_id 0). `action` is add (default) or delete; delete takes back an acknowledgement, or all downtimes of the object. Pure.
 */
export function toCommand(path: CommandPath, form: URLSearchParams, nowMs: number): FormCommand {
  const host = field(form, "host_name");
  const service = field(form, "service_description");
  if (host === "") return fault("host_name is missing");
  // Neither name can hold a semicolon, and one here would shift the fields behind it.
  if (/[;\n\r]/.test(host + service)) return fault("host_name or service_description has a character that no name has");
  const [kind, object] = service === "" ? ["HOST", host] : ["SVC", `${host};${service}`];
  const action = field(form, "action", "add").toLowerCase();
  if (path === "/recheck") {
    return command(`SCHEDULE_FORCED_${kind}_CHECK;${object};${field(form, "time_stamp", seconds(nowMs))}`);
  }
  if (action !== "add" && action !== "delete") return fault(`action is "${action.slice(0, 20)}"; send add or delete`);
  const author = field(form, "author").replaceAll(";", ",");
  const comment = field(form, "comment");
  if (path === "/acknowledge") {
    if (action === "delete") return command(`REMOVE_${kind}_ACKNOWLEDGEMENT;${object}`);
    const flags = [field(form, "sticky", "1"), field(form, "notify", "0"), field(form, "persistent", "1")];
    return command([`ACKNOWLEDGE_${kind}_PROBLEM`, object, ...flags.map(plain), author, comment].join(";"));
  }
  if (action === "delete") return command(`DEL_ALL_${kind}_DOWNTIMES;${object}`);
  const start = field(form, "start_time", seconds(nowMs));
  const end = field(form, "end_time");
  if (end === "") return fault("end_time is missing");
  const times = [
    start,
    end,
    field(form, "fixed", "1"),
    field(form, "trigger_id", "0"),
    field(form, "duration", "86400"),
  ];
  return command([`SCHEDULE_${kind}_DOWNTIME`, object, ...times.map(plain), author, comment].join(";"));
}

/** The last value given, on one line. */
function field(form: URLSearchParams, name: string, fallback = ""): string {
  const value = form
    .getAll(name)
    .at(-1)
    ?.replace(/[\r\n]+/g, " ")
    .trim();
  return value === undefined || value === "" ? fallback : value;
}

/** A number, in a field that a semicolon would split. */
function plain(value: string): string {
  return value.replaceAll(";", "");
}

function seconds(atMs: number): string {
  return String(Math.floor(atMs / 1000));
}

function command(line: string): FormCommand {
  return { isCommand: true, line };
}

function fault(message: string): FormCommand {
  return { isCommand: false, message };
}
