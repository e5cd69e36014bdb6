import { createHash } from "node:crypto";
import type { Definition } from "@mycloud/checks/nagios-objects";

/** Collects command definitions; the same line under the same name is one. */
export function createCommands() {
  const lines = new Map<string, string>();
  return {
    /** The name of a command with these words; `wanted` unless it stands for another line already. */
    nameOf(wanted: string, words: readonly string[]): string {
      const line = words.map(quote).join(" ");
      const plain = wanted.replace(/[!;,]/g, "_");
      const name =
        (lines.get(plain) ?? line) === line
          ? plain
          : `${plain} ${createHash("sha256").update(line).digest("hex").slice(0, 8)}`;
      lines.set(name, line);
      return name;
    },
    /** A command whose line is written as it is, for a shell. */
    add(name: string, line: string): string {
      lines.set(name, line);
      return name;
    },
    definitions: (): Definition[] =>
      [...lines].map(([name, line]) => ({
        type: "command",
        directives: [
          ["command_name", name],
          ["command_line", line],
        ],
      })),
  };
}
export type Commands = ReturnType<typeof createCommands>;

/** A word as a shell reads it back; macros work inside single quotes as well. Pure. */
function quote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./$-]+$/.test(word) && !/\$\$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
