import type { Repository } from "@mycloud/backup/repository";
import { examineDamaged } from "@mycloud/backup/verify";
import type { DamagedObject } from "@mycloud/protocol/backup-maintenance";
import type { MaintenanceResult, MaintenanceWork } from "./message.ts";

type Asked = Extract<MaintenanceWork, { kind: "examine" }>["objects"];

const namedFiles = 20;
const namedSnapshots = 20;

/** Finds out which files and snapshots damaged objects hit. What a damaged snapshot had cannot be told; it is named itself. */
export async function examineObjects(
  repository: Repository,
  objects: Asked,
  signal: AbortSignal,
): Promise<MaintenanceResult> {
  const packs = objects.filter(({ type }) => type === "data").map(({ name }) => name);
  const found = await examineDamaged(repository, packs, signal);
  const damaged = objects.map(({ type, name, reason, foundAtMs }): DamagedObject => {
    const hit = type === "data" ? found.get(name) : undefined;
    const snapshots = type === "snapshots" ? [name] : (hit?.snapshots ?? []);
    return {
      object: name === "" ? type : `${type}/${name}`,
      reason,
      foundAtMs,
      files: (hit?.files ?? []).slice(0, namedFiles).map((file) => ({ ...file, path: file.path.slice(0, 1000) })),
      fileCount: hit?.fileCount ?? 0,
      snapshots: snapshots.slice(0, namedSnapshots),
    };
  });
  const filesAffected = damaged.reduce((sum, { fileCount }) => sum + fileCount, 0);
  return { figures: { objectsDamaged: damaged.length, filesAffected }, damaged };
}
