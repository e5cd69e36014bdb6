import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * What a test file changes for all that run in its process, or measures of the process; and one that waits while it is loaded, for by then all tests that
 * are known may be over, and the process with them.
 */
const needsOwnProcess =
  /^(?:before|beforeEach|afterEach)\(|^(?:(?:const|let) .*= )?await |\bmock\.timers\b|\bprocess\.env(?:\.\w+|\[[^\]]+\]) = |\b(?:cpuUsage|memoryUsage|resourceUsage)\(/m;

/** Files that share a process, as many in each as in the others, `most` at most; neighbours stay together. One that needs a process has one. Pure. */
export function groupFiles(
  files: readonly { readonly path: string; readonly text: string }[],
  most: number,
): string[][] {
  const alone = files.filter(({ text }) => needsOwnProcess.test(text)).map(({ path }) => path);
  const together = files.map(({ path }) => path).filter((path) => !alone.includes(path));
  const count = Math.ceil(together.length / most);
  const groups = Array.from({ length: count }, (_, index) =>
    together.slice(Math.floor((index * together.length) / count), Math.floor(((index + 1) * together.length) / count)),
  );
  return [...alone.map((path) => [path]), ...groups];
}

/** Test files that run in one process. */
export interface FileGroup {
  /** Absolute path of what is to be run: the file, or a module that loads them all. */
  readonly entry: string;
  readonly files: readonly string[];
}

const loadedSuffix = ".loaded";

/** Writes a module for each group of more than one file into `directory`. Paths of files are from `root`. */
export async function writeGroups(
  root: string,
  directory: string,
  files: readonly string[],
  most: number,
): Promise<FileGroup[]> {
  if (most === 1) return files.map((file) => ({ entry: join(root, file), files: [file] }));
  const read = files.map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));
  return await Promise.all(
    groupFiles(read, most).map(async (group, index) => {
      const [first = "", ...others] = group;
      if (others.length === 0) return { entry: join(root, first), files: group };
      const entry = join(directory, `group-${index}.mjs`);
      const imports = group.map((path) => `import ${JSON.stringify(pathToFileURL(join(root, path)).href)};\n`);
      // Comes last: the process ends when the tests that are known are over, and those of a file that was loaded too late would be missing unseen.
      const mark = `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(entry + loadedSuffix)}, "");\n`;
      await writeFile(entry, [...imports, mark].join(""));
      return { entry, files: group };
    }),
  );
}

/** Whether all files of a group that has run were loaded. */
export function isLoaded({ entry, files }: FileGroup): boolean {
  return files.length === 1 || existsSync(entry + loadedSuffix);
}
