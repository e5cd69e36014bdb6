import { Command } from "commander";
import type { CommandEntry } from "../command-line/command-entry.ts";
import { addExamples, oneOf, type Terminal, write } from "../command-line/index.ts";
import { bashCompletion, commandWords, fishCompletion, valueCandidates, zshCompletion } from "../completion/index.ts";
import { sleep } from "../retry-loop/sleep.ts";

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
const kinds = ["bash", "zsh", "fish", "values"] as const;

/** Nobody waits longer for a key. */
const valuesWithinMs = 1500;

/** `mycloud completion bash|zsh|fish`, and what those scripts ask. */
export function createCompletionCommand(terminal: Terminal, entries: readonly CommandEntry[]): Command {
  const command = new Command("completion")
    .description("Print completion of commands, options, machines, snapshots and paths for a shell.")
    .argument(
      "<SHELL>",
      "bash, zsh or fish; values: what their scripts ask, with the words typed behind --",
      oneOf(kinds),
    )
    .argument("[WORDS...]", "of values only");
  addExamples(command, [
    ["source <(mycloud completion bash)", "in ~/.bashrc"],
    ["source <(mycloud completion zsh)", "in ~/.zshrc, after compinit"],
    ["mycloud completion fish | source", "in ~/.config/fish/config.fish"],
  ]);
  return command.action(async (kind: (typeof kinds)[number], words: string[]) => {
    if (kind === "values") return printValues(terminal, words);
    const loaded: Command[] = [];
    for (const entry of entries) {
      const isLoadable = entry.load !== undefined && entry.name !== "completion";
      const one = isLoadable && entry.load ? await entry.load(terminal) : new Command(entry.name);
      loaded.push(one.summary(entry.summary));
    }
    await write(terminal.stdout, scripts[kind](commandWords(loaded)));
  });
}

/** Completion never complains: what cannot be found out in time completes to nothing. */
async function printValues(terminal: Terminal, words: readonly string[]): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([terminal.signal, over.signal]);
  const found = await Promise.race([
    valueCandidates({ ...terminal, signal }, words).catch(() => []),
    sleep(valuesWithinMs, signal).then(() => []),
  ]);
  over.abort();
  await write(terminal.stdout, found.map(({ word, description }) => `${word}\t${description}\n`).join(""));
}
