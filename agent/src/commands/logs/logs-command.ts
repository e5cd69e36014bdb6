import { LogPatterns, LogTopValues } from "@mycloud/protocol/log-search";
import { Command } from "commander";
import { type ApiClient, connect, parseAnswer } from "../../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  flagsOf,
  formatInstant,
  oneOf,
  parseDurationMs,
  parseInstantMs,
  printable,
  printJson,
  printTable,
  remark,
  type Terminal,
  wholeNumber,
} from "../../command-line/index.ts";
import { followLogs } from "./follow-logs.ts";
import { printRecords } from "./print-records.ts";
import { readNewest } from "./read-newest.ts";

interface LogsFlags {
  readonly follow?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly fields?: boolean;
  readonly top?: string;
  readonly patterns?: boolean;
  readonly order: "count" | "risen" | "new";
}

const usualRecords = 100;
const usualRecordsFollowed = 10;
const usualRows = 20;

/** `mycloud logs [QUERY]`. */
export function createLogsCommand(terminal: Terminal): Command {
  const command = new Command("logs")
    .description("Search the logs of all hosts, oldest first; the newest that match are shown.")
    .argument("[QUERY...]", 'words, beginning*, "a phrase", field:value, status>=500, severity>=warning, NOT, OR, ( )')
    .option("-f, --follow", "go on with what comes, until interrupted")
    .option(
      "--since <WHEN>",
      "from then on: 15m, 2h, 7d ago, or 2026-11-22T20:15 (local time unless it names a zone)",
      "1h",
    )
    .option("--until <WHEN>", "up to then: the same forms")
    .option("-n, --limit <N>", `show at most N; by default ${usualRecords}`, wholeNumber(1, 1_000_000))
    .option("--fields", "show each record's fields as well")
    .option(
      "--top <FIELD>",
      "count the most frequent values of a field: host, service, severity, or one of the records' own",
    )
    .option("--patterns", "group the messages by their constant part, and compare with the hour before")
    .option(
      "--order <ORDER>",
      "of patterns: count, risen (most against before), new",
      oneOf(["count", "risen", "new"]),
      "count",
    );
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud logs 'severity>=err host:web*' --since 2h", "what went wrong on the web servers"],
    ["mycloud logs '\"connection refused\" NOT service:postfix' --follow", "look on as it happens"],
    ["mycloud logs 'service:nginx status>=500' --top path", "which pages fail"],
    ["mycloud logs --patterns --order risen --since 1h", "what is said more often than before"],
  ]);
  return command.action(async (words: string[]) => {
    const flags = flagsOf<LogsFlags>(command);
    refuseContradictions(flags);
    const query = words.join(" ");
    const range = rangeOf(flags, terminal.now());
    const client = await connect(terminal, flags);
    if (flags.patterns) return await showPatterns(terminal, client, { query, ...range }, flags);
    if (flags.top !== undefined) return await showTop(terminal, client, { query, ...range }, flags.top, flags);
    const print = (records: Parameters<typeof printRecords>[1]) => printRecords(terminal, records, flags);
    if (flags.follow) {
      const limit = flags.limit ?? usualRecordsFollowed;
      return await followLogs({ client, query, fromMs: range.fromMs, limit, print, terminal });
    }
    const limit = flags.limit ?? usualRecords;
    const { records, isMore, isComplete } = await readNewest(client, { query, ...range, limit }, terminal.signal);
    await print(records);
    if (records.length === 0) await remark(terminal, `nothing matches since ${formatInstant(range.fromMs)}`);
    if (isMore) await remark(terminal, `showing the newest ${records.length}; --limit shows more`);
    if (!isComplete)
      await remark(terminal, "the search took too long: what is older was not looked at; narrow it with --since");
  });
}

function refuseContradictions({ follow, until, top, patterns }: LogsFlags): void {
  const chosen = [follow && "--follow", top !== undefined && "--top", patterns && "--patterns"].filter(Boolean);
  if (chosen.length > 1) throw new CommandError("usage", `${chosen.join(" and ")} do not go together`);
  if (follow && until !== undefined) throw new CommandError("usage", "--follow and --until do not go together");
}

interface Range {
  readonly fromMs: number;
  readonly untilMs: number | undefined;
}

function rangeOf({ since = "1h", until }: LogsFlags, nowMs: number): Range {
  const fromMs = instantOf("--since", since, nowMs);
  const untilMs = until === undefined ? undefined : instantOf("--until", until, nowMs);
  if (fromMs < (untilMs ?? nowMs)) return { fromMs, untilMs };
  throw new CommandError("usage", `--since ${since} is not before ${until === undefined ? "now" : `--until ${until}`}`);
}

function instantOf(flag: string, text: string, nowMs: number): number {
  const agoMs = parseDurationMs(text);
  const atMs = agoMs === undefined ? parseInstantMs(text, nowMs) : nowMs - agoMs;
  if (atMs !== undefined && atMs >= 0) return Math.floor(atMs);
  throw new CommandError("usage", `${flag} is "${text}"; write 15m, 2h, 7d, or a time such as 2026-11-22T20:15`);
}

interface Question extends Range {
  readonly query: string;
}

function parametersOf({ query, fromMs, untilMs }: Question): Record<string, string | undefined> {
  return { query, fromMs: String(fromMs), untilMs: untilMs === undefined ? undefined : String(untilMs) };
}

async function showTop(
  terminal: Terminal,
  client: ApiClient,
  question: Question,
  field: string,
  { json, limit = usualRows }: { readonly json?: boolean; readonly limit?: number },
): Promise<void> {
  const query = { ...parametersOf(question), field, limit: String(Math.min(limit, 100)) };
  const answer = await client.request("GET", "/api/v1/logs/top", { query, signal: terminal.signal });
  if (json) return await printJson(terminal, answer);
  const { values, having, matched, isComplete } = parseAnswer(LogTopValues, answer);
  await printTable(
    terminal,
    [
      { heading: "COUNT", cell: ({ count }) => String(count), align: "right" },
      {
        heading: "SHARE",
        cell: ({ count }) => `${((100 * count) / Math.max(1, having)).toFixed(1)} %`,
        align: "right",
      },
      { heading: field.toUpperCase(), cell: ({ value }) => printable(String(value)) },
    ],
    values,
    matched === 0 ? "nothing matches" : `none of the ${matched} records that match has the field ${field}`,
  );
  if (values.length > 0) await remark(terminal, `${having} of ${matched} records have it`);
  if (!isComplete) await remark(terminal, "the search took too long: not everything was counted");
}

async function showPatterns(
  terminal: Terminal,
  client: ApiClient,
  question: Question,
  { json, limit = usualRows, order }: { readonly json?: boolean; readonly limit?: number; readonly order: string },
): Promise<void> {
  const query = { ...parametersOf(question), order, limit: String(Math.min(limit, 500)) };
  const answer = await client.request("GET", "/api/v1/logs/patterns", { query, signal: terminal.signal });
  if (json) return await printJson(terminal, answer);
  const { patterns, others, isComplete } = parseAnswer(LogPatterns, answer);
  await printTable(
    terminal,
    [
      { heading: "COUNT", cell: ({ count }) => String(count), align: "right" },
      { heading: "BEFORE", cell: ({ countBefore }) => String(countBefore), align: "right" },
      { heading: "HOSTS", cell: ({ hosts }) => String(hosts), align: "right" },
      { heading: "SEVERITY", cell: ({ severity }) => severity ?? "-" },
      { heading: "LAST", cell: ({ lastSeenUs }) => formatInstant(Math.floor(lastSeenUs / 1000)) },
      { heading: "PATTERN", cell: ({ template }) => printable(template) },
    ],
    patterns,
    "nothing matches",
  );
  if (others > 0) await remark(terminal, `${others} more records have patterns that are not kept apart`);
  if (!isComplete) await remark(terminal, "the search took too long: not everything was counted");
}
