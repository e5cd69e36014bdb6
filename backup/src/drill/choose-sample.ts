import { createHash } from "node:crypto";
import type { Id } from "../blob/index.ts";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { type TreeSource, walkSnapshot } from "../listing/index.ts";
import type { Node } from "../tree/index.ts";

/** A regular file of a snapshot. */
export interface SampledFile {
  readonly path: ByteString;
  readonly node: Node;
}

export interface Sample {
  readonly files: readonly SampledFile[];
  readonly totalFiles: number;
  readonly totalBytes: number;
  /** Directories that could not be read, and why. */
  readonly unreadable: readonly { readonly path: ByteString; readonly message: string }[];
}

export interface SampleOptions {
  /** The same seed chooses the same files of the same snapshot. */
  readonly seed: string;
  readonly maximumFiles: number;
  readonly maximumBytes: number;
  readonly signal?: AbortSignal;
}

/** Directories that are named when they cannot be read. */
const listedUnreadable = 20;

/**
 * Chooses regular files at random, each as likely as any other, and of those as many as the bytes allow, the smallest in any case. Names that are no
 * UTF-8 are passed over. Memory: the sample.
 */
export async function chooseSample(source: TreeSource, tree: Id, options: SampleOptions): Promise<Sample> {
  const random = randomOf(options.seed);
  const chosen: SampledFile[] = [];
  const unreadable: { path: ByteString; message: string }[] = [];
  let totalFiles = 0;
  let totalBytes = 0;
  let candidates = 0;
  const onUnreadable = (path: ByteString, error: unknown) => {
    if (unreadable.length < listedUnreadable) {
      unreadable.push({ path, message: error instanceof Error ? error.message : String(error) });
    }
  };
  const { signal } = options;
  for await (const { path, node } of walkSnapshot(source, tree, {
    onUnreadable,
    ...(signal === undefined ? {} : { signal }),
  })) {
    if (node.type !== "file") continue;
    totalFiles++;
    totalBytes += node.size ?? 0;
    if (!isText(path)) continue;
    candidates++;
    // Reservoir sampling: one walk, whatever its length.
    if (chosen.length < options.maximumFiles) chosen.push({ path, node });
    else {
      const at = Math.floor(random() * candidates);
      if (at < chosen.length) chosen[at] = { path, node };
    }
  }
  return { files: withinBytes(chosen, options.maximumBytes, random), totalFiles, totalBytes, unreadable };
}

function withinBytes(files: readonly SampledFile[], maximumBytes: number, random: () => number): SampledFile[] {
  const shuffled = files
    .map((file) => ({ file, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ file }) => file);
  const kept: SampledFile[] = [];
  let bytes = 0;
  for (const file of shuffled) {
    const size = file.node.size ?? 0;
    if (bytes + size > maximumBytes) continue;
    kept.push(file);
    bytes += size;
  }
  return kept;
}

/** Numbers from 0 up to 1, always the same for a seed. */
function randomOf(seed: string): () => number {
  const key = createHash("sha256").update(seed).digest();
  let block = Buffer.alloc(0);
  let counter = 0;
  let at = 0;
  return () => {
    if (at + 6 > block.length) {
      block = createHash("sha256").update(key).update(String(counter++)).digest();
      at = 0;
    }
    const value = block.readUIntBE(at, 6) / 2 ** 48;
    at += 6;
    return value;
  };
}

function isText(path: ByteString): boolean {
  return byteString(Buffer.from(path, "latin1").toString("utf8")) === path;
}
