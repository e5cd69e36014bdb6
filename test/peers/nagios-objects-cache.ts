import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { NAGIOS_PROGRAM } from "./nagios.ts";

const run = promisify(execFile);

/** What nagios4 says of a configuration, and what it made of it. */
export interface NagiosVerdict {
  readonly isAccepted: boolean;
  readonly output: string;
  /** Objects of its precached object file, values by directive. */
  readonly objects: readonly { readonly type: string; readonly values: Readonly<Record<string, string>> }[];
}

/** Has nagios4 verify object files and write what it expanded them to. Paths in `mainLines` are absolute. */
export async function verifyWithNagios(directory: string, mainLines: readonly string[]): Promise<NagiosVerdict> {
  const main = join(directory, "verified-nagios.cfg");
  const cache = join(directory, "objects.precache");
  const own = {
    log_file: join(directory, "nagios.log"),
    object_cache_file: join(directory, "objects.cache"),
    precached_object_file: cache,
    lock_file: join(directory, "nagios.lock"),
    temp_file: join(directory, "nagios.tmp"),
    check_result_path: directory,
    nagios_user: String(process.getuid?.() ?? 0),
    nagios_group: String(process.getgid?.() ?? 0),
  };
  const lines = [...mainLines, ...Object.entries(own).map(([name, value]) => `${name}=${value}`)];
  await writeFile(main, `${lines.join("\n")}\n`);
  const { output, isAccepted } = await run(NAGIOS_PROGRAM, ["-vp", main], { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => ({ output: stdout, isAccepted: true }),
    (error: { stdout?: string }) => ({ output: error.stdout ?? String(error), isAccepted: false }),
  );
  const text = isAccepted ? await readFile(cache, "utf8") : "";
  return { isAccepted, output, objects: parseCache(text) };
}

/** Read here by itself, so that a fault of our own parser cannot hide. */
function parseCache(text: string): NagiosVerdict["objects"] {
  return Array.from(text.matchAll(/^define (\w+) \{\n([\s\S]*?)^\t\}$/gm), ([, type = "", body = ""]) => {
    const values = Array.from(body.matchAll(/^\t([^\t\n]+)\t(.*)$/gm), ([, name = "", value = ""]) => [name, value]);
    return { type, values: Object.fromEntries(values) };
  });
}
