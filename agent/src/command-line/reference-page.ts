import type { Command, Option } from "commander";
import { exitCodeTable } from "./exit-code.ts";

/** docs/cli.md: every command with its arguments and options, and the exit codes, from the same tables as the help. Pure. */
export function formatReferencePage(program: Command): string {
  const sections = program.commands
    .filter((command) => command.name() !== "help")
    .map((command) => section(command, "mycloud", "##"));
  const codes = exitCodeTable.map(({ code, meaning }) => `- \`${code}\` ${meaning}`);
  return `${[
    "# The command line",
    "Made from the program's own tables by `npm run docs:cli`; a test keeps it so. `mycloud COMMAND --help` shows the same with examples.",
    "Data is on stdout, everything else on stderr. Every command that prints data takes `--json`: it prints the API's own objects, and failures as JSON on stderr.",
    "Commands that talk to a control plane find it by `--server URL` with `--token-file FILE`, `--state-dir DIR` of an instance on the same machine, the environment (`MYCLOUD_SERVER`, `MYCLOUD_TOKEN_FILE`, `MYCLOUD_STATE_DIR`), what `mycloud login` kept, or the default state directory; the first that is given decides.",
    "## Exit codes",
    codes.join("\n"),
    "`mycloud check NAME` ends as Nagios plugins do: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.",
    ...sections,
  ].join("\n\n")}\n`;
}

const shared = new Set(["--json", "--state-dir", "--server", "--token-file"]);

function section(command: Command, parent: string, heading: string): string {
  const name = `${parent} ${command.name()}`;
  const parts = [`${heading} ${name}`, asSentence(command.description())];
  const words = command.registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  const verbs = command.commands.filter((child) => child.name() !== "help");
  if (verbs.length === 0 && words.length > 0)
    parts.push(`\`${[name, ...words.map((word) => word.replaceAll(/<<|>>|\[<|>\]/g, ""))].join(" ")}\``);
  // Which control plane, and --json, are the same everywhere but where they mean something of their own.
  const isClient = command.options.some((option) => option.long === "--token-file" && option.flags.includes("FILE"));
  const listed = command.options.filter((option) => !(isClient && shared.has(option.long ?? "")));
  // What the noun takes, its verbs take too: said once, at the noun.
  const options = listed.filter((option) => !isOptionOf(command.parent, option));
  if (options.length > 0) parts.push(options.map((option) => `- \`${option.flags}\` ${option.description}`).join("\n"));
  return [...parts, ...verbs.map((verb) => section(verb, name, `${heading}#`))].join("\n\n");
}

function isOptionOf(noun: Command | null, option: Option): boolean {
  if (noun === null || noun.parent === null) return false;
  return noun.options.some(({ flags, description }) => flags === option.flags && description === option.description);
}

function asSentence(text: string): string {
  const sentence = text.trim();
  return sentence.endsWith(".") ? sentence : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}
