import { Command } from "commander";
import type { CommandEntry } from "../command-line/command-entry.ts";
import { addExamples, oneOf, type Terminal, write } from "../command-line/index.ts";

/** `mycloud completion bash`. */
export function createCompletionCommand(terminal: Terminal, entries: readonly CommandEntry[]): Command {
  const command = new Command("completion")
    .description("Print completion of commands and options for a shell.")
    .argument("<SHELL>", "bash", oneOf(["bash"]));
  addExamples(command, [["source <(mycloud completion bash)", "in ~/.bashrc"]]);
  return command.action(async () => {
    const loaded: Command[] = [];
    for (const entry of entries) {
      const isLoadable = entry.load !== undefined && entry.name !== "completion";
      loaded.push(isLoadable && entry.load ? await entry.load(terminal) : new Command(entry.name));
    }
    await write(terminal.stdout, bashCompletion(loaded));
  });
}

/** A bash completion script that needs no start of the program: all words are in it. Pure. */
export function bashCompletion(commands: readonly Command[]): string {
  const words = new Map<string, string[]>([["", ["help", ...commands.map((command) => command.name())]]]);
  const visit = (command: Command, path: string) => {
    const options = command.options.map((option) => option.long ?? option.short ?? "");
    words.set(path, [...command.commands.map((child) => child.name()), ...options, "--help"]);
    for (const child of command.commands) visit(child, `${path} ${child.name()}`);
  };
  for (const command of commands) visit(command, command.name());
  const cases = [...words].map(([path, list]) => `    "${path}") words="${list.join(" ")}" ;;`);
  return `_mycloud() {
  local path="" word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case $path in
${cases.join("\n")}
    *) words="" ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _mycloud mycloud
`;
}
