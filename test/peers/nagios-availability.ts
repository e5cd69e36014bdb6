import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { NAGIOS_PROGRAM } from "./nagios.ts";
import { type NagiosObject, nagiosMainConfig, nagiosObjects } from "./nagios-config.ts";

const run = promisify(execFile);

/** Debian's package `nagios4-cgi`. */
export const AVAILABILITY_PROGRAM = "/usr/lib/cgi-bin/nagios4/avail.cgi";

const dayMs = 86_400_000;

/** One line of nagios' log without its time. */
export interface NagiosLogLine {
  readonly atMs: number;
  readonly text: string;
}

/** A nagios that runs no longer and left its log and archives behind. */
export interface NagiosPast {
  /** Asks avail.cgi, which reads query strings, for CSV; a row for each object, by the column's name. */
  report(query: Readonly<Record<string, string>>): Promise<Record<string, string>[]>;
}

/**
 * Writes what a nagios that rotates its log at midnight UTC would have left: a log of the day of `nowMs`, an archive for each day before. `statesAt` names
 * the states of all objects at an instant, which nagios notes at the beginning of each file.
 */
export async function writeNagiosPast(
  directory: string,
  objects: readonly NagiosObject[],
  moreObjects: string,
  lines: readonly NagiosLogLine[],
  statesAt: (atMs: number) => readonly string[],
  nowMs: number,
): Promise<NagiosPast> {
  const file = (name: string) => path.join(directory, name);
  await mkdir(file("checkresults"), { recursive: true });
  await writeFile(file("objects.cfg"), nagiosObjects(objects, moreObjects));
  const settings = {
    log_rotation_method: "d",
    object_cache_file: file("objects.precache"),
    precached_object_file: file("objects.precache"),
  };
  await writeFile(file("nagios.cfg"), nagiosMainConfig(directory, settings));
  await writeFile(
    file("cgi.cfg"),
    `main_config_file=${file("nagios.cfg")}\nuse_authentication=0\nescape_html_tags=1\n`,
  );
  await writeFile(file("status.dat"), "");
  // Checks the configuration and writes the objects in the form that CGIs read.
  await run(NAGIOS_PROGRAM, ["-pv", file("nagios.cfg")]);

  const today = Math.floor(nowMs / dayMs) * dayMs;
  const firstDay = Math.floor(Math.min(...lines.map((line) => line.atMs)) / dayMs) * dayMs;
  for (let day = firstDay; day <= today; day += dayMs) {
    const own = lines.filter(({ atMs }) => atMs >= day && atMs < day + dayMs);
    const seconds = (atMs: number) => Math.floor(atMs / 1000);
    const text = [
      `[${seconds(day)}] LOG ROTATION: DAILY`,
      `[${seconds(day)}] LOG VERSION: 2.0`,
      ...statesAt(day).map((state) => `[${seconds(day)}] ${state}`),
      ...own.map((line) => `[${seconds(line.atMs)}] ${line.text}`),
    ].join("\n");
    // An archive bears the date of the midnight on which it was closed.
    const closed = new Date(day + dayMs).toISOString();
    const archive = `nagios-${closed.slice(5, 7)}-${closed.slice(8, 10)}-${closed.slice(0, 4)}-00.log`;
    await writeFile(file(day === today ? "nagios.log" : archive), `${text}\n`);
  }
  return {
    async report(query) {
      const { stdout } = await run(AVAILABILITY_PROGRAM, [], {
        env: {
          ...process.env,
          TZ: "UTC",
          NAGIOS_CGI_CONFIG: file("cgi.cfg"),
          REQUEST_METHOD: "GET",
          REMOTE_USER: "nagiosadmin",
          QUERY_STRING: new URLSearchParams(query).toString(),
        },
        maxBuffer: 16 * 1024 * 1024,
      });
      return parseReport(stdout);
    },
  };
}

function parseReport(answer: string): Record<string, string>[] {
  const rows = answer
    .slice(answer.search(/\r?\n\r?\n/))
    .split("\n")
    .filter((line) => line.includes(","))
    .map((line) => line.split(",").map((cell) => cell.trim().replace(/^"|"$/g, "")));
  const [heading = [], ...data] = rows;
  return data.map((cells) => Object.fromEntries(heading.map((name, at) => [name, cells[at] ?? ""])));
}
