import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isId } from "../../blob/index.ts";
import type { ListedType, OpenRepository } from "../repository/index.ts";

/** An object in a list. */
export interface ListedObject {
  readonly name: string;
  readonly size: number;
  /** Of snapshots: their place in the order of arrival, from 1. */
  readonly sequence?: number;
}

/** The objects of a type, a directory at a time. Quarantined ones are not among them. */
export async function* listObjects(repository: OpenRepository, type: ListedType): AsyncGenerator<ListedObject[]> {
  const directory = repository.layout.typeDirectory(type);
  if (type === "snapshots") yield await listSnapshots(repository, directory);
  else if (type !== "data") yield (await readObjects(directory)).map(({ name, size }) => ({ name, size }));
  else
    for (const part of (await names(directory)).sort())
      yield (await readObjects(join(directory, part))).map(({ name, size }) => ({ name, size }));
}

async function listSnapshots(repository: OpenRepository, directory: string): Promise<ListedObject[]> {
  const found = await readObjects(directory);
  // Those that another program put there come in the order of their files.
  const unknown = found.filter(({ name }) => repository.order.find(name) === undefined);
  await repository.order.addMissing(
    unknown
      .sort((a, b) => a.modifiedAtMs - b.modifiedAtMs)
      .map(({ name, modifiedAtMs }) => ({ id: name, receivedAtMs: modifiedAtMs })),
  );
  return found.map(({ name, size }) => {
    const sequence = repository.order.find(name)?.sequence;
    return sequence === undefined ? { name, size } : { name, size, sequence };
  });
}

async function readObjects(directory: string): Promise<{ name: string; size: number; modifiedAtMs: number }[]> {
  const files = (await names(directory)).filter(isId);
  const objects = await Promise.all(
    files.map(async (name) => {
      const info = await stat(join(directory, name)).catch(() => null);
      // It went between the two calls.
      return info?.isFile() ? { name, size: info.size, modifiedAtMs: info.mtimeMs } : null;
    }),
  );
  return objects.filter((object) => object !== null);
}

async function names(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}
