// A repository and a directory to back up, in a temporary place of their own.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Backend } from "../../backend/index.ts";
import { openLocalBackend } from "../../backend/local/index.ts";
import { byteString } from "../../byte-string/index.ts";
import { walkSnapshot } from "../../listing/index.ts";
import { initRepository, type Repository } from "../../repository/index.ts";
import type { Node } from "../../tree/index.ts";
import { backUp } from "../back-up.ts";
import type { BackupOptions } from "../backup-options.ts";
import type { BackupSummary } from "../backup-summary.ts";

export interface BackupPlace {
  readonly repository: Repository;
  /** The directory that is backed up. */
  readonly source: string;
  /** Backs `source` up. */
  back(options?: Partial<BackupOptions>): Promise<BackupSummary>;
  /** Content of each regular file, and the node of everything, by the path below `source`. */
  read(treeId: string): Promise<Map<string, { readonly node: Node; readonly content: string | null }>>;
}

/** Runs a test in such a place; `wrap` may stand between the engine and the storage. */
export async function inBackupPlace(
  test: (place: BackupPlace) => Promise<void>,
  wrap: (backend: Backend) => Backend = (backend) => backend,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "mycloud-archiver-"));
  const source = join(directory, "source");
  mkdirSync(source);
  const backend = wrap(openLocalBackend(join(directory, "repository")));
  const kdf = { N: 1024, r: 8, p: 1 };
  const repository = await initRepository(backend, { password: "test", now: Date.now, kdf });
  const back = (options: Partial<BackupOptions> = {}) =>
    backUp(repository, {
      source: { kind: "paths", paths: [byteString(source)] },
      hostname: "host.example.org",
      now: Date.now,
      threads: 2,
      ...options,
    });
  const read = async (treeId: string) => {
    await repository.loadIndex();
    const found = new Map<string, { node: Node; content: string | null }>();
    for await (const { path, node } of walkSnapshot(repository, treeId)) {
      if (!path.startsWith(`${source}/`)) continue;
      const parts: Uint8Array[] = [];
      for (const id of node.content ?? []) parts.push(await repository.loadBlob("data", id));
      const content = node.type === "file" ? Buffer.concat(parts).toString("latin1") : null;
      found.set(path.slice(source.length + 1), { node, content });
    }
    return found;
  };
  try {
    await test({ repository, source, back, read });
  } finally {
    await repository.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
