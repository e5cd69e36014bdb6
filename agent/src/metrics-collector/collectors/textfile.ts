import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ExpositionFault, type MetricFamily, parseExposition } from "@mycloud/protocol/exposition";
import type { Collected, Collector } from "../collector.ts";
import { Families } from "../families.ts";
import { type MergedFamilies, mergeFamilies } from "../merge-families.ts";

export interface TextfileOptions {
  /** The folder whose `*.prom` files are read; it need not exist when `isGiven` is false. */
  readonly directory: string;
  readonly isGiven: boolean;
  /** Told when what is wrong with the folder changes. */
  readonly onFault: (fault: string) => void;
}

/** A file larger than this was not meant for scraping. */
const largestFile = 4 * 1024 * 1024;
const mostFiles = 1_000;
/** Names that only the agent tells. */
const reserved = /^node_(?:textfile|scrape_collector)_/;

/** What scripts and cron jobs left in files. One file that cannot be used, or says what is told already, costs its own metrics and no others. */
export function createTextfileCollector({ directory, isGiven, onFault }: TextfileOptions): Collector {
  let lastFaults = "";

  async function collect(found: readonly MetricFamily[]): Promise<Collected> {
    const faults: string[] = [];
    const own = new Families();
    let gathered: readonly MetricFamily[] = [];
    for (const name of await promFiles(directory, isGiven, faults)) {
      const path = join(directory, name);
      const read = await readExposition(path);
      const merged = "fault" in read ? read : addFile(found, gathered, read.families);
      if ("fault" in merged) {
        faults.push(`${path}: ${merged.fault}`);
        continue;
      }
      gathered = merged.families;
      if ("mtimeMs" in read) {
        const help = "When the files that could be used were written, in seconds since 1970.";
        own.gauge("node_textfile_mtime_seconds", help, Math.floor(read.mtimeMs / 1000), { file: path });
      }
    }
    own.gauge("node_textfile_scrape_error", "Whether a file could not be used.", faults.length > 0 ? 1 : 0);
    const told = faults.join("; ");
    if (told !== lastFaults && told !== "") onFault(told);
    lastFaults = told;
    return [...withHelp(gathered, directory), ...own.list()];
  }
  return { name: "textfile", isDefault: true, isLast: true, collect };
}

/** The files' metrics with those of one more, when they contradict neither each other nor what was `found` before. Pure. */
function addFile(
  found: readonly MetricFamily[],
  gathered: readonly MetricFamily[],
  added: readonly MetricFamily[],
): MergedFamilies {
  const taken = added.find(({ name }) => reserved.test(name));
  if (taken !== undefined) return { fault: `${taken.name} is a name of the agent's own` };
  const names = new Set(added.map(({ name }) => name));
  const met = mergeFamilies(
    found.filter(({ name }) => names.has(name)),
    added,
  );
  return "fault" in met ? met : mergeFamilies(gathered, added);
}

async function promFiles(directory: string, isGiven: boolean, faults: string[]): Promise<string[]> {
  try {
    const names = (await readdir(directory)).filter((name) => name.endsWith(".prom")).sort();
    if (names.length > mostFiles) faults.push(`${directory}: ${names.length} files; only ${mostFiles} are read`);
    return names.slice(0, mostFiles);
  } catch (error) {
    if (isGiven) faults.push(`${directory}: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}

type ReadExposition =
  | { readonly families: readonly MetricFamily[]; readonly mtimeMs: number }
  | { readonly fault: string };

async function readExposition(path: string): Promise<ReadExposition> {
  try {
    const { size, mtimeMs, isFile } = await stat(path).then((found) => ({
      size: found.size,
      mtimeMs: found.mtimeMs,
      isFile: found.isFile(),
    }));
    if (!isFile) return { fault: "is no file" };
    if (size > largestFile) return { fault: `has ${size} bytes; at most ${largestFile} are read` };
    const { families, fault } = parseExposition(await readFile(path, "utf8"), { mayInterleave: true });
    if (fault !== undefined) return { fault: describe(fault) };
    // A time of its own would freeze a value that nobody writes any more.
    if (families.some(({ samples }) => samples.some(({ atMs }) => atMs !== undefined))) {
      return { fault: "has times behind its samples; leave them out" };
    }
    return { families, mtimeMs };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Not what stood there: a link in that folder may lead to any file the agent can read, and the log is read by others. */
function describe({ line, expected }: ExpositionFault): string {
  return `line ${line}: expected ${expected}`;
}

function withHelp(families: readonly MetricFamily[], directory: string): MetricFamily[] {
  return families.map((family) =>
    family.help === "" ? { ...family, help: `Metric read from ${directory}.` } : family,
  );
}
