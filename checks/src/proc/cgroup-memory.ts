import { readFileSync } from "node:fs";

/** What a memory control group allows this process and has used, in bytes. */
export interface CgroupMemory {
  readonly limitBytes: number;
  readonly usedBytes: number;
}

/** cgroup v1 writes "no limit" as the largest multiple of the page size; anything near it is none. */
const NO_LIMIT_BYTES = 2 ** 60;

/**
 * The tightest memory limit on this process (cgroup v2 `memory.max`, v1 `memory.limit_in_bytes`), as containers and systemd set
 * them; undefined where there is none. Page cache the kernel would give back first is not counted as used.
 */
export function readCgroupMemory(procRoot: string, sysRoot: string): CgroupMemory | undefined {
  const found = candidateFolders(procRoot, sysRoot).flatMap((folder) => readFolder(folder) ?? []);
  return found.reduce<CgroupMemory | undefined>(
    (tightest, one) => (tightest === undefined || one.limitBytes < tightest.limitBytes ? one : tightest),
    undefined,
  );
}

/** The process's own group and every group above it, since a limit further up binds as well. */
function candidateFolders(procRoot: string, sysRoot: string): string[] {
  const text = readOptional(`${procRoot}/self/cgroup`) ?? "";
  const folders: string[] = [];
  for (const line of text.split("\n")) {
    const [, controllers, ...path] = line.split(":");
    if (controllers === undefined || (controllers !== "" && !controllers.split(",").includes("memory"))) continue;
    const root = `${sysRoot}/fs/cgroup${controllers === "" ? "" : "/memory"}`;
    const steps = path
      .join(":")
      .split("/")
      .filter((step) => step !== "" && step !== "..");
    for (let length = steps.length; length >= 0; length -= 1) folders.push([root, ...steps.slice(0, length)].join("/"));
  }
  return folders;
}

function readFolder(folder: string): CgroupMemory | undefined {
  const isVersion2 = readOptional(`${folder}/memory.max`) !== undefined;
  const limit = Number(readOptional(`${folder}/${isVersion2 ? "memory.max" : "memory.limit_in_bytes"}`));
  if (!Number.isFinite(limit) || limit <= 0 || limit >= NO_LIMIT_BYTES) return undefined;
  const used = Number(readOptional(`${folder}/${isVersion2 ? "memory.current" : "memory.usage_in_bytes"}`) ?? 0);
  const inactive = /^(?:total_)?inactive_file (\d+)$/m.exec(readOptional(`${folder}/memory.stat`) ?? "");
  return { limitBytes: limit, usedBytes: Math.max(0, used - Number(inactive?.[1] ?? 0)) };
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}
