import type { Page } from "./markdown-pages.ts";

/** One command of a ```sh block, without variables before it and without redirections. */
export interface ShellCommand {
  readonly from: string;
  readonly words: readonly string[];
}

/** The commands a page tells the reader to type. Pure. */
export function shellCommands({ path, text }: Page): ShellCommand[] {
  const commands: ShellCommand[] = [];
  for (const [, block = ""] of text.matchAll(/^```sh\n([\s\S]*?)^```/gm)) {
    for (const line of block.replace(/\\\n\s*/g, " ").split("\n")) {
      for (const words of splitCommands(splitWords(line))) {
        if (words.length > 0) commands.push({ from: path, words });
      }
    }
  }
  return commands;
}

/** Words of a line with quotes removed; a comment ends it; operators are words of their own. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  const pattern = /\s*(?:(#.*)|(&&|\|\||[|;&])|((?:"[^"]*"|'[^']*'|\\.|[^\s"'|;&\\])+))/gy;
  for (const [, comment, operator, word] of line.matchAll(pattern)) {
    if (comment !== undefined) break;
    words.push(operator ?? word?.replace(/"([^"]*)"|'([^']*)'/g, "$1$2") ?? "");
  }
  return words;
}

function splitCommands(words: readonly string[]): string[][] {
  const commands: string[][] = [[]];
  for (const word of words) {
    if (/^(&&|\|\||[|;&])$/.test(word)) commands.push([]);
    else commands.at(-1)?.push(word);
  }
  return commands.map((command) => {
    const start = command.findIndex((word) => !/^[A-Z_]+=/.test(word) && word !== "sudo");
    const rest = start < 0 ? [] : command.slice(start);
    const end = rest.findIndex((word) => /^\d?[<>]/.test(word));
    return end < 0 ? rest : rest.slice(0, end);
  });
}
