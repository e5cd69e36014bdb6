import { TimelineAnswer, TimelineKind, TimelineSeverity } from "@mycloud/protocol/timeline";
import { Command } from "commander";
import { connect, findHost, findService, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  flagsOf,
  formatInstant,
  parseDurationMs,
  printable,
  printJson,
  printTable,
  remark,
  someOf,
  type Terminal,
  wholeNumber,
} from "../command-line/index.ts";

interface TimelineFlags {
  readonly kind?: TimelineKind[];
  readonly severity?: TimelineSeverity[];
  readonly last?: string;
  readonly limit: number;
}

/** `mycloud timeline [HOST[/SERVICE]]`. */
export function createTimelineCommand(terminal: Terminal): Command {
  const command = new Command("timeline")
    .description("Show what happened, newest first: of everything, of a host, or of a service.")
    .argument("[HOST[/SERVICE]]", "a host's name, or HOST/SERVICE")
    .option("--kind <KIND>", `only these kinds: ${TimelineKind.options.join(", ")}`, someOf(TimelineKind.options))
    .option(
      "--severity <SEVERITY>",
      `only changes to such states: ${TimelineSeverity.options.join(", ")}`,
      someOf(TimelineSeverity.options),
    )
    .option("--last <DURATION>", "only the last 2h, 7d, ...")
    .option("--limit <N>", "show at most N", wholeNumber(1, 500), 50);
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud timeline web1 --last 2h", "what happened around a host"],
    ["mycloud timeline --kind definition,command", "what people changed and did"],
  ]);
  return command.action(async (subject: string | undefined) => {
    const flags = flagsOf<TimelineFlags>(command);
    const lengthMs = flags.last === undefined ? null : parseDurationMs(flags.last);
    if (lengthMs === undefined) {
      throw new CommandError("usage", `--last is "${flags.last}"; write a length of time such as 2h or 7d`);
    }
    const client = await connect(terminal, flags);
    const slash = subject?.indexOf("/") ?? -1;
    const host = slash < 0 ? subject : subject?.slice(0, slash);
    const service = slash < 0 ? undefined : subject?.slice(slash + 1);
    const query = {
      hostId: host === undefined ? undefined : String((await findHost(client, host)).host.id),
      serviceId:
        host === undefined || service === undefined
          ? undefined
          : String((await findService(client, host, service)).service.id),
      kind: flags.kind?.join(","),
      severity: flags.severity?.join(","),
      fromMs: lengthMs === null ? undefined : String(terminal.now() - lengthMs),
      limit: String(flags.limit),
    };
    const answer = await client.request("GET", "/api/v1/timeline", { query });
    if (flags.json) return printJson(terminal, answer);
    const { data, nextCursor } = parseAnswer(TimelineAnswer, answer);
    await printTable(
      terminal,
      [
        { heading: "AT", cell: (entry) => formatInstant(entry.atMs) },
        { heading: "KIND", cell: (entry) => entry.kind },
        {
          heading: "OF",
          cell: (entry) =>
            printable([entry.hostName, entry.serviceName].filter((name) => name !== null).join("/") || "-"),
        },
        { heading: "BY", cell: (entry) => printable(entry.author ?? "-") },
        { heading: "WHAT", cell: (entry) => printable([entry.title, entry.detail].filter(Boolean).join(": ")) },
      ],
      data,
      "nothing happened",
    );
    if (nextCursor !== null) await remark(terminal, `showing the newest ${data.length}; --limit shows more`);
  });
}
