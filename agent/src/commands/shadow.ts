import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { type ApiClient, connect } from "../client/index.ts";
import {
  addExamples,
  addInstanceOptions,
  CommandError,
  durationMs,
  flagsOf,
  formatAge,
  printable,
  printJson,
  remark,
  resolveFrom,
  type Terminal,
  wholeNumber,
  write,
} from "../command-line/index.ts";
import {
  compareStates,
  createDifferenceLog,
  type DifferenceNews,
  type LastingDifference,
  nameOfObserved,
  type ObservedState,
  parseLivestatusAddress,
  readLivestatus,
  readOwnStates,
  readStatusFile,
} from "../shadow/index.ts";

interface ShadowFlags {
  readonly livestatus?: string;
  readonly statusFile?: string;
  readonly interval?: number;
  readonly for?: number;
}

/** `mycloud shadow`: what an old system says beside what we say. */
export function createShadowCommand(terminal: Terminal): Command {
  const command = new Command("shadow")
    .description(
      "Compare the states of an old Nagios, Shinken or Icinga with those here: state, SOFT or HARD, acknowledged, in downtime, flapping. Once, or with --interval until interrupted. Exit code 1 when the last comparison found a difference.",
    )
    .option("--livestatus <ADDRESS>", "its Livestatus: HOST:PORT or the path of its socket")
    .option("--status-file <FILE>", "its status file, such as /var/lib/nagios4/status.dat")
    .option("--interval <SECONDS>", "compare again and again, this often", wholeNumber(1, 86_400))
    .option("--for <DURATION>", "with --interval: end after this long, e.g. 1d", durationMs);
  addInstanceOptions(command);
  addExamples(command, [
    ["mycloud shadow --status-file /var/lib/nagios4/status.dat", "once"],
    [
      "mycloud shadow --livestatus mon1:6557 --interval 60 --for 1d",
      "for a day, a line for each difference that comes or goes",
    ],
  ]);
  return command.action(async () => {
    const flags = flagsOf<ShadowFlags>(command);
    const readTheirs = sourceOf(terminal, flags);
    const client = await connect(terminal, flags);
    const endAtMs = flags.for === undefined ? Number.POSITIVE_INFINITY : terminal.now() + flags.for;
    const log = createDifferenceLog();
    let comparisons = 0;
    let last = { compared: 0, onlyHere: 0 };
    while (!terminal.signal.aborted) {
      const found = await compareOnce(client, readTheirs, terminal.signal).catch((error: unknown) => {
        // In the long run one system may be restarted; the first time it is a mistake.
        if (comparisons === 0 || flags.interval === undefined) throw error;
        return error instanceof Error ? error.message : String(error);
      });
      if (typeof found === "string") await remark(terminal, printable(`not compared: ${found}`));
      else {
        comparisons++;
        last = found;
        const nowMs = terminal.now();
        const news = log.take(found.differences, nowMs);
        if (flags.interval !== undefined && flags.json !== true) await tellNews(terminal, news, nowMs);
      }
      if (flags.interval === undefined || terminal.now() + flags.interval * 1000 > endAtMs) break;
      await sleep(flags.interval * 1000, undefined, { signal: terminal.signal }).catch(() => undefined);
    }
    const present = log.present();
    await summarise(terminal, { comparisons, ...last, present, ...log.totals() }, flags.json === true);
    if (present.length > 0) {
      throw new CommandError(
        "failed",
        `${present.length} ${present.length === 1 ? "difference" : "differences"} from the old system`,
        { code: "MYCLOUD_SHADOW_DIFFERS" },
      );
    }
  });
}

async function tellNews(terminal: Terminal, { appeared, gone }: DifferenceNews, nowMs: number): Promise<void> {
  const lines = [
    ...appeared.map((one) => describe(one)),
    ...gone.map((one) => `${describe(one)}: gone after ${formatAge(one.sinceMs, nowMs)}`),
  ];
  for (const line of lines) await write(terminal.stdout, `${instant(nowMs)} ${line}\n`);
}

function sourceOf(
  terminal: Terminal,
  { livestatus, statusFile }: ShadowFlags,
): (signal: AbortSignal) => Promise<ObservedState[]> {
  if ((livestatus === undefined) === (statusFile === undefined)) {
    throw new CommandError("usage", "where is the old system? give either --livestatus ADDRESS or --status-file FILE");
  }
  if (statusFile !== undefined) {
    const path = resolveFrom(terminal.workingDirectory, statusFile);
    return async () => {
      const states = readStatusFile(await readFile(path, "utf8"));
      if (states.length === 0)
        throw new CommandError("input", `${path} has no host and no service; is it a status file?`);
      return states;
    };
  }
  const address = parseLivestatusAddress(livestatus ?? "");
  if (address === null) throw new CommandError("usage", `--livestatus "${livestatus}" is neither HOST:PORT nor a path`);
  return (signal) =>
    readLivestatus(address, signal).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new CommandError("unavailable", `Livestatus at ${livestatus} ${why}`, { cause: error });
    });
}

async function compareOnce(
  client: ApiClient,
  readTheirs: (signal: AbortSignal) => Promise<ObservedState[]>,
  signal: AbortSignal,
) {
  const [theirs, ours] = await Promise.all([readTheirs(signal), readOwnStates(client)]);
  return compareStates(theirs, ours);
}

interface Summary {
  readonly comparisons: number;
  readonly compared: number;
  readonly onlyHere: number;
  readonly present: readonly LastingDifference[];
  readonly total: number;
  readonly longestMs: number;
}

async function summarise(terminal: Terminal, summary: Summary, isJson: boolean): Promise<void> {
  const { comparisons, compared, onlyHere, present, total, longestMs } = summary;
  if (isJson) {
    return printJson(terminal, {
      comparisons,
      compared,
      onlyHere,
      differences: present,
      differencesEver: total,
      longestSeconds: longestMs / 1000,
    });
  }
  const nowMs = terminal.now();
  for (const one of present)
    await write(
      terminal.stdout,
      // Of one look nobody knows how long it has been so.
      comparisons === 1
        ? `${describe(one)}\n`
        : `${describe(one)}, since ${instant(one.sinceMs)} (${formatAge(one.sinceMs, nowMs)})\n`,
    );
  const counts = `${compared} hosts and services compared, ${onlyHere} only here`;
  await remark(
    terminal,
    `${comparisons === 1 ? "1 comparison" : `${comparisons} comparisons`}: ${counts}; ${present.length} differences now, ${total} in all`,
  );
}

function describe(difference: LastingDifference): string {
  const { field, theirs, ours } = difference;
  const what = {
    state: "state",
    stateType: "state type",
    acknowledged: "acknowledged",
    downtime: "in downtime",
    flapping: "flapping",
    missing: "object",
  }[field];
  return printable(`${nameOfObserved(difference)}: ${what}: there ${theirs}, here ${ours}`);
}

function instant(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}
