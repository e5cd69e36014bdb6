import type { ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { type BackupError, DamagedError, NotFoundError } from "../error/index.ts";
import { type Hold, isInForce, listHolds } from "../hold/index.ts";
import type { Repository } from "../repository/repository.ts";
import { compareSnapshots, type StoredSnapshot, storedSnapshot } from "../snapshot/index.ts";
import { instantMs } from "./snapshot-entry.ts";
import type { ViewedRepository } from "./viewed-repository.ts";

/** The snapshots of a repository, each read once: their ids are their content. */
export class KnownSnapshots {
  readonly #repository: Pick<Repository, "backend" | "loadUnpacked">;
  readonly #viewed: ViewedRepository;
  #known = new Map<string, StoredSnapshot>();
  #damaged = new Map<string, BackupError>();
  #listing: Promise<void> | undefined;

  constructor(repository: Pick<Repository, "backend" | "loadUnpacked">, viewed: ViewedRepository) {
    this.#repository = repository;
    this.#viewed = viewed;
  }

  /** All that can be read, oldest first, as they are now. Those that cannot are told to `onDamaged`. */
  async list(
    onDamaged: (id: string, error: BackupError) => void = () => undefined,
  ): Promise<readonly StoredSnapshot[]> {
    await this.#refresh();
    for (const [id, error] of this.#damaged) onDamaged(id, error);
    return [...this.#known.values()].sort(compareSnapshots);
  }

  /** The snapshot of this id. Throws NotFoundError; DamagedError when its file cannot be read. */
  async find(id: string): Promise<StoredSnapshot> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    await this.#refresh();
    const found = this.#known.get(id);
    if (found !== undefined) return found;
    throw this.#damaged.get(id) ?? new NotFoundError(`there is no snapshot ${id}`);
  }

  /** Lists anew. Throws NotFoundError when one of these is not there any more. */
  async forgetGone(ids: readonly string[]): Promise<void> {
    await this.#refresh();
    const gone = ids.find((id) => !this.#known.has(id) && !this.#damaged.has(id));
    if (gone !== undefined) throw new NotFoundError(`snapshot ${gone} was removed meanwhile`);
  }

  #refresh(): Promise<void> {
    this.#listing ??= this.#list().finally(() => {
      this.#listing = undefined;
    });
    return this.#listing;
  }

  async #list(): Promise<void> {
    const files = await this.#repository.backend.list("snapshots");
    const known = new Map<string, StoredSnapshot>();
    const damaged = new Map<string, BackupError>();
    const remaining = files.values();
    let isGrown = false;
    const work = async () => {
      for (const file of remaining) {
        const before = this.#known.get(file.name);
        if (before !== undefined) {
          known.set(file.name, before);
          continue;
        }
        try {
          known.set(file.name, storedSnapshot(await this.#repository.loadUnpacked("snapshots", file.name), file));
          isGrown = true;
        } catch (error) {
          if (error instanceof NotFoundError) continue; // forgotten meanwhile
          if (!(error instanceof DamagedError)) throw error;
          damaged.set(file.name, error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, this.#repository.backend.connections) }, work));
    // After the snapshots, since a snapshot that is listed has its index then.
    if (isGrown) this.#viewed.noteGrowth();
    this.#known = known;
    this.#damaged = damaged;
  }
}

/** The snapshots as they are told, oldest first. */
export async function viewSnapshots(
  repository: Pick<Repository, "backend">,
  snapshots: KnownSnapshots,
  nowMs: number,
  signal: AbortSignal,
): Promise<{ readonly snapshots: ViewSnapshot[]; readonly damaged?: { id: string; message: string }[] }> {
  const damaged: { id: string; message: string }[] = [];
  const listed = await snapshots.list((id, error) => damaged.push({ id, message: error.message }));
  const holds = new Map((await listHolds(repository.backend, signal)).map((hold) => [hold.snapshot, hold]));
  return {
    snapshots: listed.map((snapshot) => viewSnapshot(snapshot, holds.get(snapshot.id) ?? null, nowMs)),
    ...(damaged.length === 0 ? {} : { damaged }),
  };
}

function viewSnapshot(snapshot: StoredSnapshot, hold: Hold | null, nowMs: number): ViewSnapshot {
  const { summary } = snapshot;
  return {
    id: snapshot.id,
    takenAtMs: instantMs(snapshot.time),
    hostName: snapshot.hostname ?? "",
    paths: [...snapshot.paths],
    tags: [...(snapshot.tags ?? [])],
    programVersion: snapshot.program_version ?? null,
    sequence: snapshot.sequence,
    filesNew: summary?.files_new ?? null,
    filesChanged: summary?.files_changed ?? null,
    filesUnmodified: summary?.files_unmodified ?? null,
    totalFiles: summary?.total_files_processed ?? null,
    totalBytes: summary?.total_bytes_processed ?? null,
    addedBytes: summary?.data_added_packed ?? null,
    unreadableCount: summary?.errors ?? 0,
    hold:
      hold === null || !isInForce(hold, nowMs)
        ? null
        : { reason: hold.reason, untilMs: hold.untilMs, createdAtMs: hold.createdAtMs, createdBy: hold.createdBy },
  };
}
