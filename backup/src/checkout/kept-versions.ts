import { isInstant } from "../archiver/walking/change-detection.ts";
import type { Id } from "../blob/index.ts";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { DamagedError, NotFoundError } from "../error/index.ts";
import { findPath, type TreeSource } from "../listing/index.ts";
import { cleanPath } from "../pattern/index.ts";
import type { StoredSnapshot } from "../snapshot/index.ts";
import type { Node } from "../tree/index.ts";
import { isAtOrBelow } from "./choose-paths.ts";
import type { Kept } from "./decide-entry.ts";
import type { Present, PresentContent } from "./present-content.ts";

/** Look-ups in older snapshots before a plan gives up looking: a conflict too many is better than one that takes hours. */
const maximumLookUps = 20_000;
/** Versions of one file that are read and compared. */
const maximumVersions = 5;

const kept: Kept = { isKept: true };

/** Where what is there now could be had from, if it were overwritten: other snapshots. */
export class KeptVersions {
  readonly #source: TreeSource;
  readonly #content: PresentContent;
  /** Newest first. */
  readonly #snapshots: readonly StoredSnapshot[];
  readonly #newestName: string;
  #lookUps = 0;

  constructor(source: TreeSource, content: PresentContent, snapshots: readonly StoredSnapshot[], newestName: string) {
    this.#source = source;
    this.#content = content;
    this.#snapshots = snapshots;
    this.#newestName = newestName;
  }

  /** What the newest snapshot that covers a path has there; null when that is nothing. */
  async newestAt(path: ByteString, signal?: AbortSignal): Promise<{ node: Node | null; tree: Id | null } | null> {
    const newest = this.#snapshots.find((snapshot) => covers(snapshot, path));
    return newest === undefined ? null : await this.#find(newest, path, signal);
  }

  /** Whether an entry that is no directory is kept. `newest` is what the newest snapshot has at its path. */
  async isKept(present: Present, newest: Node | null): Promise<Kept> {
    if (newest !== null && (await this.#content.hasContentOf(present, newest))) return kept;
    for (const version of await this.#versionsLike(present, newest)) {
      if (await this.#content.hasContentOf(present, version)) return kept;
    }
    const reason =
      newest === null ? `${this.#newestName} does not have it` : `it was changed after ${this.#newestName}`;
    return { isKept: false, reason };
  }

  /** Nodes that older snapshots have at its path, that look like it: a file that was brought back has its size and mtime. */
  async #versionsLike({ path, stat }: Present, newest: Node | null): Promise<Node[]> {
    const found = new Map<string, Node>();
    for (const snapshot of this.#snapshots) {
      if (this.#lookUps >= maximumLookUps || found.size >= maximumVersions) break;
      if (!covers(snapshot, path)) continue;
      this.#lookUps++;
      const node = (await this.#find(snapshot, path))?.node ?? null;
      if (node === null || node === newest || node.type !== stat.type) continue;
      const isDated = isInstant(node.mtime, stat.mtimeSeconds, stat.mtimeNanoseconds);
      if (node.type === "file" && !((node.size ?? 0) === stat.size && isDated)) continue;
      found.set(`${node.linkTarget ?? ""}:${node.content?.join() ?? ""}`, node);
    }
    return [...found.values()];
  }

  async #find(snapshot: StoredSnapshot, path: ByteString, signal?: AbortSignal) {
    try {
      return await findPath(this.#source, snapshot.tree, path, signal);
    } catch (error) {
      if (error instanceof NotFoundError || error instanceof DamagedError) return null;
      throw error;
    }
  }
}

/** Whether a snapshot was told to back a path up. Pure. */
export function covers({ paths }: Pick<StoredSnapshot, "paths">, path: ByteString): boolean {
  return paths.some((root) => isAtOrBelow(path, cleanPath(byteString(root))));
}
