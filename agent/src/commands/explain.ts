import { Explanation } from "@mycloud/protocol/service";
import { Command } from "commander";
import { connect, findHost, findService, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  flagsOf,
  formatAge,
  formatInstant,
  paintFor,
  paintState,
  printable,
  printFields,
  printJson,
  type Terminal,
  write,
} from "../command-line/index.ts";

/** `mycloud explain HOST[/SERVICE]`. */
export function createExplainCommand(terminal: Terminal): Command {
  const command = new Command("explain")
    .description("Say why a host or service is as it is: command, thresholds, what changed since, who was told.")
    .argument("<HOST[/SERVICE]>", "a host's name, or HOST/SERVICE");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud explain db1/disk", "why a service is in its state"],
    ["mycloud explain db1 --json", "of a host, for scripts"],
  ]);
  return command.action(async (subject: string) => {
    const flags = flagsOf(command);
    const client = await connect(terminal, flags);
    const slash = subject.indexOf("/");
    const { path, state, output } =
      slash < 0
        ? ofHost((await findHost(client, subject)).host)
        : ofService((await findService(client, subject.slice(0, slash), subject.slice(slash + 1))).service);
    const answer = await client.request("GET", `${path}/explanation`);
    if (flags.json) return printJson(terminal, answer);
    const why = parseAnswer(Explanation, answer);
    const now = terminal.now();
    await printFields(terminal, [
      ["what", printable(subject)],
      ["state", paintState(paintFor(terminal), state)],
      ["output", printable(output)],
      ["thresholds", why.thresholds.map(printable).join("; ")],
      ["attempts", why.attempts],
      ["command", why.commandLine === null ? "none: results come from outside" : printable(why.commandLine)],
      ["checked by", optional(why.prober)],
      ["last OK", why.lastOk === null ? "never" : `${formatInstant(why.lastOk.atMs)}  ${printable(why.lastOk.output)}`],
      ["root problem", optional(why.rootProblem && nameOf(why.rootProblem))],
      ["next check", why.nextCheckAtMs === null ? null : formatAge(why.nextCheckAtMs, now)],
      [
        "told",
        why.notified.map((entry) => `${entry.contactName} ${formatInstant(entry.atMs)} (${entry.phase})`).join(", "),
      ],
      ["nobody told", why.notNotified === null ? null : `${why.notNotified.message} (${why.notNotified.reason})`],
    ]);
    if (why.changes.length === 0) return;
    await write(terminal.stdout, "changed since the last OK, oldest first:\n");
    for (const change of why.changes) {
      const of = [change.hostName, change.serviceName].filter((name) => name !== null).join("/");
      const by = change.author === null ? "" : ` (${change.author})`;
      const line = `  ${formatInstant(change.atMs)}  ${of === "" ? "" : `${of}: `}${change.title}${by}`;
      await write(terminal.stdout, `${printable(line)}\n`);
    }
  });
}

function optional(text: string | null | undefined): string | null {
  return text ? printable(text) : null;
}

interface Shown {
  readonly id: number;
  readonly state: string;
  readonly output: string;
}

const ofHost = ({ id, state, output }: Shown) => ({ path: `/api/v1/hosts/${id}`, state, output });
const ofService = ({ id, state, output }: Shown) => ({ path: `/api/v1/services/${id}`, state, output });

function nameOf({ hostName, serviceName }: { readonly hostName: string; readonly serviceName: string | null }): string {
  return serviceName === null ? hostName : `${hostName}/${serviceName}`;
}
