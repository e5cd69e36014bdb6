import { IngestAnswer, maximumResultsPerRequest } from "@mycloud/protocol/check-result";
import { Command } from "commander";
import { type ApiClient, connect, parseAnswer } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  commandGroup,
  flagsOf,
  printJson,
  remark,
  type Terminal,
  wholeNumber,
} from "../command-line/index.ts";

interface SubmitFlags {
  readonly host?: string;
  readonly service?: string;
  readonly returnCode?: number;
  readonly output?: string;
}

/** `mycloud check-result submit`: passive results, one by flags or many as NDJSON on stdin. */
export function createCheckResultCommand(terminal: Terminal): Command {
  return commandGroup("check-result", "Submit results of checks that run elsewhere.", [submit(terminal)]);
}

function submit(terminal: Terminal): Command {
  const command = new Command("submit")
    .description(
      "Submit passive results; done means they are stored. Without --host it reads one JSON object a line from stdin.",
    )
    .option("--host <HOST>", "the host's name")
    .option("--service <SERVICE>", "the service's name; without it the result is the host's own")
    .option(
      "--return-code <N>",
      "0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (host: 0 UP, 1 DOWN, 2 UNREACHABLE)",
      wholeNumber(0, 255),
    )
    .option("--output <TEXT>", "what the plugin printed, perfdata after |");
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud check-result submit --host web1 --service backup --return-code 0 --output 'OK - 3 GB|size=3GB'", ""],
    ["mycloud check-result submit < results.ndjson", ""],
  ]);
  return command.action(async () => {
    const flags = flagsOf<SubmitFlags>(command);
    const client = await connect(terminal, flags);
    const lines = flags.host === undefined ? await readLines(terminal) : [lineOf(flags)];
    const answer = await submitLines(client, lines);
    if (flags.json) await printJson(terminal, answer);
    else await remark(terminal, `${answer.accepted} accepted, ${answer.rejected.length} rejected`);
    if (answer.rejected.length > 0) {
      throw new CommandError(
        "input",
        `${answer.rejected.length} of ${lines.length} results were rejected; the others are stored`,
        {
          issues: answer.rejected.slice(0, 50).map((item) => ({
            field: `result ${item.index + 1}`,
            message: item.message,
          })),
        },
      );
    }
  });
}

function lineOf(flags: SubmitFlags): string {
  if (flags.returnCode === undefined) throw new CommandError("usage", "--return-code is missing");
  const { host, service, returnCode, output = "" } = flags;
  return JSON.stringify({ host, ...(service === undefined ? {} : { service }), returnCode, output });
}

async function readLines(terminal: Terminal): Promise<string[]> {
  if (terminal.stdin.isTTY === true) {
    throw new CommandError("usage", "nothing to submit; give --host, --return-code and --output, or NDJSON on stdin");
  }
  let text = "";
  terminal.stdin.setEncoding("utf8");
  for await (const chunk of terminal.stdin) text += chunk;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length === 0) throw new CommandError("input", "stdin is empty; one JSON object a line is expected");
  return lines;
}

/** Sends lines in requests of at most 5,000 and adds the answers up; indexes count over all lines. */
async function submitLines(client: ApiClient, lines: readonly string[]): Promise<IngestAnswer> {
  const sum: IngestAnswer = { accepted: 0, rejected: [], clockSkewed: 0, isDuplicate: false };
  for (let start = 0; start < lines.length; start += maximumResultsPerRequest) {
    const body = `${lines.slice(start, start + maximumResultsPerRequest).join("\n")}\n`;
    const answer = parseAnswer(IngestAnswer, await client.request("POST", "/api/v1/check-results", { body }));
    sum.accepted += answer.accepted;
    sum.clockSkewed += answer.clockSkewed;
    sum.rejected.push(...answer.rejected.map((item) => ({ ...item, index: item.index + start })));
  }
  return sum;
}
