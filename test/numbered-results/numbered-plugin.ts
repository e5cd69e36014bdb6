import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** One run of the plugin, as the plugin itself wrote it down. */
export interface PluginRun {
  readonly number: number;
  readonly atMs: number;
}

/** A Nagios plugin that counts its runs in a file of its own and says the number: `OK - run 17`. */
export interface NumberedPlugin {
  readonly path: string;
  /** All runs so far under this name, its first argument. */
  runs(name: string): Promise<PluginRun[]>;
}

const script = `#!/bin/sh
cd "$(dirname "$0")" || exit 3
number=$(( $(cat "$1.count" 2>/dev/null || echo 0) + 1 ))
echo "$number" > "$1.count"
echo "$number $(date +%s%3N)" >> "$1.runs"
echo "OK - run $number | run=$number"
`;

/** Writes the plugin into a directory. */
export async function writeNumberedPlugin(directory: string): Promise<NumberedPlugin> {
  const path = join(directory, "numbered-plugin");
  await writeFile(path, script);
  await chmod(path, 0o755);
  return {
    path,
    runs: async (name) => {
      const text = await readFile(join(directory, `${name}.runs`), "utf8").catch(() => "");
      return [...text.matchAll(/^(\d+) (\d+)$/gm)].map(([, number, atMs]) => ({
        number: Number(number),
        atMs: Number(atMs),
      }));
    },
  };
}
