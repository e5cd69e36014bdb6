import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  type Directive,
  type FaultSink,
  limits,
  type Place,
  readMainFile,
  readObjects,
  readResourceFile,
  type WrittenObject,
} from "@mycloud/checks/nagios-objects";
import { CommandError } from "../command-line/index.ts";

/** Everything that was written: definitions, settings of the main file, macros of resource files. */
export interface ReadFiles {
  readonly objects: readonly WrittenObject[];
  readonly settings: ReadonlyMap<string, Directive>;
  readonly macros: ReadonlyMap<string, string>;
  /** Object files read. */
  readonly fileCount: number;
}

const mainNames = ["nagios.cfg", "shinken.cfg", "icinga.cfg", "naemon.cfg"];
const maximumFiles = 50_000;

/**
 * Reads a configuration: a main file, a directory that has one, or a directory of object files. Files named twice are read once; links to directories
 * are followed as nagios does. What cannot be read is a fault at the line that names it. Throws CommandError when `path` itself cannot be read.
 */
export async function readNagiosFiles(path: string, faults: FaultSink): Promise<ReadFiles> {
  const main = await findMainFile(path);
  const objects: WrittenObject[] = [];
  const macros = new Map<string, string>();
  const settings = new Map<string, Directive>();
  const seen = new Set<string>();

  async function read(file: string, place: Place | null): Promise<string | null> {
    const key = resolve(file);
    if (seen.has(key)) return null;
    seen.add(key);
    try {
      if (seen.size > maximumFiles) throw new Error(`more than ${maximumFiles} files`);
      const { size } = await stat(file);
      if (size > limits.fileBytes) throw new Error(`it is larger than ${limits.fileBytes} bytes`);
      return await readFile(file, "utf8");
    } catch (error) {
      if (place === null) throw new CommandError("notFound", `cannot read ${file}: ${reasonOf(error)}`);
      faults.error(place, `cannot read ${file}: ${reasonOf(error)}`);
      return null;
    }
  }
  async function readObjectFile(file: string, place: Place | null): Promise<void> {
    const text = await read(file, place);
    if (text === null) return;
    const found = readObjects(file, text, faults);
    for (const object of found.objects) objects.push(object);
    for (const { kind, path: named, line } of found.includes) {
      const at = { file, line };
      if (kind === "file") await readObjectFile(resolve(dirname(file), named), at);
      else await readDirectory(resolve(dirname(file), named), at, 0);
    }
  }
  async function readDirectory(directory: string, place: Place | null, depth: number): Promise<void> {
    const entries = await readdir(directory).catch((error: unknown) => {
      if (place !== null) faults.error(place, `cannot read ${directory}: ${reasonOf(error)}`);
      return [];
    });
    for (const name of entries.sort()) {
      const full = join(directory, name);
      const found = await stat(full).catch(() => null);
      if (found?.isDirectory() && depth < 20) await readDirectory(full, place, depth + 1);
      else if (found?.isFile() && name.endsWith(".cfg")) await readObjectFile(full, place);
    }
  }

  if (main === null) await readDirectory(path, { file: path, line: 1 }, 0);
  else {
    const text = (await read(main, null)) ?? "";
    const { sources, settings: said } = readMainFile(main, text, faults);
    for (const [name, directive] of said) settings.set(name, directive);
    for (const object of readObjects(main, text, faults, { isMainFile: true }).objects) objects.push(object);
    for (const { kind, path: named, line } of sources) {
      const full = resolve(dirname(main), named);
      const place = { file: main, line };
      if (kind === "file") await readObjectFile(full, place);
      else if (kind === "directory") await readDirectory(full, place, 0);
      else {
        const macroText = await read(full, place);
        if (macroText === null) continue;
        for (const [name, value] of readResourceFile(full, macroText, faults)) macros.set(name, value);
      }
    }
  }
  // Shinken's main file may set macros itself: $PLUGINSDIR$=...
  return { objects, settings, macros, fileCount: seen.size };
}

/** The main file of a directory, or the file itself; null for a directory of object files. */
async function findMainFile(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isDirectory()) return path;
    const name = (await readdir(path)).sort().find((entry) => mainNames.includes(entry));
    return name === undefined ? null : join(path, name);
  } catch (error) {
    throw new CommandError("notFound", `cannot read ${path}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+ '.*'$/, "") : String(error);
}
