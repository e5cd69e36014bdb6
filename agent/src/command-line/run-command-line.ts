import { type Command, CommanderError } from "commander";
import type { CommandEntry } from "./command-entry.ts";
import { CommandError } from "./command-error.ts";
import { createProgram } from "./create-program.ts";
import { exitCode, exitCodesInShort } from "./exit-code.ts";
import { findCommandName } from "./find-command-name.ts";
import { reportError } from "./report-error.ts";
import { type Terminal, write } from "./terminal.ts";

/** What `mycloud` alone shows to a person at a terminal; `run` runs a command as if it had been typed, and answers its exit code. */
export type Home = (terminal: Terminal, run: (words: readonly string[]) => Promise<number>) => Promise<void>;

/**
 * Runs `mycloud` with these words (without the program's own name) and returns the exit code. Ends no process and throws nothing. Without words it
 * shows the home where a person sits, else the help.
 */
export async function runCommandLine(
  words: readonly string[],
  terminal: Terminal,
  entries: readonly CommandEntry[],
  version: string,
  home?: Home,
): Promise<number> {
  const isJson = words.includes("--json") && !words.slice(0, words.indexOf("--json")).includes("--");
  const isDebugging = Boolean(terminal.environment.MYCLOUD_DEBUG);
  const help: Promise<void>[] = [];
  try {
    const isHome = words.length === 0 && terminal.stdin.isTTY === true && terminal.stdout.isTTY === true;
    if (isHome && home !== undefined) {
      await home(terminal, (typed) => runCommandLine(typed, terminal, entries, version));
      return exitCodeOfProcess();
    }
    const first = findCommandName(words);
    const wanted = first === "help" ? findCommandName(words.slice(words.indexOf("help") + 1)) : first;
    const verb = first !== undefined && first === wanted ? words[words.indexOf(first) + 1] : undefined;
    const program = await createProgram(terminal, entries, wanted, version, verb);
    settle(program, terminal, help);
    if (words.length === 0) program.outputHelp();
    else await program.parseAsync([...words], { from: "user" });
    return exitCodeOfProcess();
  } catch (error) {
    if (terminal.signal.aborted && !(error instanceof CommandError)) return exitCode("interrupted");
    const report = reportError(error, isJson, isDebugging);
    if (report.text !== "") await write(terminal.stderr, report.text);
    return report.exitCode;
  } finally {
    // Asked-for help ends by an exception too, and the process must not end before it is written.
    await Promise.all(help);
  }
}

/** A command of another folder may end well but not green by setting process.exitCode. */
function exitCodeOfProcess(): number {
  return typeof process.exitCode === "number" ? process.exitCode : 0;
}

/** Makes every command throw instead of exit, and print through the terminal; `writes` collects the writes under way. */
function settle(program: Command, terminal: Terminal, writes: Promise<void>[]): void {
  const visit = (command: Command) => {
    command
      .exitOverride((error) => {
        // A noun without its verb prints its help and is wrong usage; asked-for help is not.
        if (error.code === "commander.help" && error.exitCode !== 0) {
          throw new CommanderError(exitCode("usage"), error.code, `${fullName(command)} needs a command; see --help`);
        }
        throw error;
      })
      .showSuggestionAfterError(true)
      .configureOutput({
        writeOut: (text) => void writes.push(write(terminal.stdout, text)),
        // Errors are reported once, by the caller; help on stderr would hide the line that says what is wrong.
        writeErr: () => {},
        getOutHelpWidth: () => terminal.stdout.columns ?? 100,
      });
    if (command !== program) command.addHelpText("after", `\n${exitCodesInShort}`);
    for (const child of command.commands) visit(child);
  };
  visit(program);
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}
