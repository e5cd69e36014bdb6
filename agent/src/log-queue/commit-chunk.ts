import { link, mkdir, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../state-directory/index.ts";
import { writeNewFile } from "./chunk-file.ts";
import { fileName } from "./destination-queue.ts";

/** Where things of the queue lie. */
export interface QueuePaths {
  readonly checkpoints: string;
  readonly journals: string;
  readonly commits: string;
  readonly queues: string;
  readonly journalOf: (chunkId: string) => string;
  readonly queueOf: (folder: string) => string;
}

/** The paths below a directory. Touches no disk. */
export function queuePaths(directory: string): QueuePaths {
  const journals = join(directory, "journal");
  const queues = join(directory, "queue");
  return {
    checkpoints: join(directory, "checkpoints.log"),
    journals,
    commits: join(directory, "commit"),
    queues,
    journalOf: (chunkId) => join(journals, Buffer.from(chunkId, "base64").toString("hex")),
    queueOf: (folder) => join(queues, folder),
  };
}

/** Makes the folders. */
export async function makeQueueFolders(paths: QueuePaths): Promise<void> {
  for (const path of [paths.journals, paths.commits, paths.queues]) await mkdir(path, { recursive: true, mode: 0o700 });
}

/**
 * Puts a chunk into the queues of its destinations: when it resolves it is in all of them, for good; when it throws, or the process is killed, it is in
 * none or will be in all.
 */
export async function commitChunk(
  paths: QueuePaths,
  sequence: number,
  content: readonly Buffer[],
  targets: readonly { readonly directory: string }[],
): Promise<void> {
  const temporary = join(paths.commits, `${fileName(sequence)}.tmp`);
  await writeNewFile(temporary, content);
  const [only, ...others] = targets;
  if (only !== undefined && others.length === 0) {
    await rename(temporary, join(only.directory, fileName(sequence)));
    return await syncDirectory(only.directory);
  }
  const committed = join(paths.commits, fileName(sequence));
  await rename(temporary, committed);
  await syncDirectory(paths.commits);
  await linkEverywhere(committed, sequence, targets);
}

/** Gives a committed chunk its names in the queues, where it does not have them yet, and takes the first away. */
export async function linkEverywhere(
  committed: string,
  sequence: number,
  targets: readonly { readonly directory: string }[],
): Promise<void> {
  for (const { directory } of targets) {
    await link(committed, join(directory, fileName(sequence))).catch((error: unknown) => {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    });
    await syncDirectory(directory);
  }
  await unlink(committed);
}
