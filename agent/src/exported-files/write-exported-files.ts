import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CommandError } from "../command-line/index.ts";

/** What an earlier export wrote: SHA-256 by path. */
const Manifest = z.object({ kind: z.string(), files: z.record(z.string(), z.string()) });

const manifestName = ".mycloud-export.json";

export interface WriteExportedFilesOptions {
  /** Exports of another kind, in the same directory, are somebody else's. */
  readonly kind: string;
  /** Overwrite also what this did not write, or somebody has changed. */
  readonly isForced: boolean;
}

export interface ExportedFiles {
  readonly written: readonly string[];
  /** Of an earlier export and no longer part of it. */
  readonly removed: readonly string[];
}

/**
 * Writes files below a directory. All are on disk beside their places before the first is put there, each whole, in the order of the map; a program that
 * reads meanwhile finds old files or new ones. Throws CommandError `conflict`, naming the files, when there are some that an export did not write.
 */
export async function writeExportedFiles(
  directory: string,
  files: ReadonlyMap<string, string>,
  { kind, isForced }: WriteExportedFilesOptions,
): Promise<ExportedFiles> {
  const before = await readManifest(directory, kind);
  const foreign: string[] = [];
  for (const [name, text] of files) {
    const present = await readFile(join(directory, name)).catch(() => null);
    if (present === null) continue;
    const digest = digestOf(present);
    if (digest !== before[name] && digest !== digestOf(text)) foreign.push(name);
  }
  if (foreign.length > 0 && !isForced) {
    const which = foreign.join(", ");
    throw new CommandError(
      "conflict",
      `${directory} holds files that this export did not write, or that were changed since: ${which}; name another directory, or --force`,
    );
  }
  const removed: string[] = [];
  for (const [name, digest] of Object.entries(before)) {
    if (files.has(name)) continue;
    const present = await readFile(join(directory, name)).catch(() => null);
    if (present !== null && digestOf(present) === digest) removed.push(name);
  }
  const digests = Object.fromEntries(Array.from(files, ([name, text]) => [name, digestOf(text)]));
  const manifest = `${JSON.stringify({ kind, files: digests }, null, 2)}\n`;
  // The manifest goes first: an export that breaks off knows its files again when it is repeated.
  await replaceAll(directory, new Map([[manifestName, manifest], ...files]));
  for (const name of removed) await rm(join(directory, name), { force: true });
  return { written: [...files.keys()], removed };
}

async function readManifest(directory: string, kind: string): Promise<Record<string, string>> {
  const text = await readFile(join(directory, manifestName), "utf8").catch(() => null);
  if (text === null) return {};
  const manifest = Manifest.safeParse(parseJson(text)).data;
  return manifest?.kind === kind ? manifest.files : {};
}

async function replaceAll(directory: string, files: ReadonlyMap<string, string>): Promise<void> {
  const besideOf = (name: string) => join(directory, `${name}.${process.pid}.new`);
  try {
    for (const [name, text] of files) {
      await mkdir(dirname(join(directory, name)), { recursive: true });
      const file = await open(besideOf(name), "w", 0o644);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
    }
    for (const name of files.keys()) await rename(besideOf(name), join(directory, name));
  } finally {
    for (const name of files.keys()) await rm(besideOf(name), { force: true });
  }
}

function digestOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
