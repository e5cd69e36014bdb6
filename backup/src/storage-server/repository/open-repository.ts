import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../../durable-file/index.ts";
import { reachFaultPoint } from "../../fault-point/index.ts";
import { createKeyedMutex, type KeyedMutex } from "../limit/keyed-mutex.ts";
import { createUsage, type Usage } from "../quota/usage.ts";
import { ConflictError } from "../request/request-error.ts";
import { openWantedList, type WantedList } from "../scrub/wanted-list.ts";
import { makeDirectory } from "../trash/trash.ts";
import { listedTypes, type RepositoryLayout, type StateLayout } from "./repository-layout.ts";
import { faultOfRepositoryName } from "./repository-name.ts";
import { openSnapshotOrder, type SnapshotOrder } from "./snapshot-order.ts";
import { trashRepository } from "./trash-repository.ts";

/** A repository and what the server keeps about it. */
export interface OpenRepository {
  readonly name: string;
  readonly layout: RepositoryLayout;
  readonly order: SnapshotOrder;
  readonly wanted: WantedList;
  readonly usage: Usage;
  /** Keyed by an object's relative path: what changes one object happens one after the other. */
  readonly mutex: KeyedMutex;
}

/** The repositories of a storage server. */
export interface Repositories {
  /** Null when there is none of this name. */
  find(name: string): Promise<OpenRepository | null>;
  /** Makes it if it is not there. Throws ConflictError where its name runs into another's. */
  create(name: string): Promise<OpenRepository>;
  /** Every name, sorted. */
  list(): Promise<readonly string[]>;
  /** Those that were asked for since the start. */
  opened(): readonly OpenRepository[];
  /** Moves a whole repository, with the server's records of it, to the trash of repositories. */
  remove(repository: OpenRepository, uptimeMs: number): Promise<void>;
}

/** The repositories below a state directory. `prepare` is called once for each when it is opened. */
export function openRepositories(
  state: StateLayout,
  prepare: (repository: OpenRepository) => Promise<void>,
): Repositories {
  const opened = new Map<string, Promise<OpenRepository>>();
  const ready = new Map<string, OpenRepository>();
  const mutex = createKeyedMutex();

  function open(name: string): Promise<OpenRepository> {
    const opening = opened.get(name) ?? openRepository(state, name, prepare);
    opened.set(name, opening);
    opening.then(
      (repository) => ready.set(name, repository),
      () => opened.delete(name),
    );
    return opening;
  }

  return {
    find: async (name) =>
      opened.has(name) || (await isRepository(state.repository(name).directory)) ? open(name) : null,
    create: (name) =>
      mutex.run("create", async () => {
        const { directory } = state.repository(name);
        if (!(await isRepository(directory))) {
          await refuseNesting(state, name);
          await makeRepository(directory);
        }
        return await open(name);
      }),
    list: () => listRepositoryNames(state),
    opened: () => [...ready.values()],
    remove: (repository, uptimeMs) =>
      mutex.run("create", async () => {
        opened.delete(repository.name);
        ready.delete(repository.name);
        await trashRepository(state, repository.layout, uptimeMs);
      }),
  };
}

async function openRepository(
  state: StateLayout,
  name: string,
  prepare: (repository: OpenRepository) => Promise<void>,
): Promise<OpenRepository> {
  const layout = state.repository(name);
  const repository: OpenRepository = {
    name,
    layout,
    order: await openSnapshotOrder(layout.orderFile),
    wanted: await openWantedList(layout.wantedFile),
    usage: createUsage(layout),
    mutex: createKeyedMutex(),
  };
  await prepare(repository);
  return repository;
}

/** Whether a directory holds a repository: `keys` is made last. */
async function isRepository(directory: string): Promise<boolean> {
  const info = await stat(join(directory, "keys")).catch(() => null);
  return info?.isDirectory() ?? false;
}

async function makeRepository(directory: string): Promise<void> {
  await makeDirectory(join(directory, "data"));
  for (let first = 0; first < 256; first++)
    await mkdir(join(directory, "data", first.toString(16).padStart(2, "0")), { recursive: true, mode: 0o700 });
  await syncDirectory(join(directory, "data"));
  reachFaultPoint("storage/repository-half-made");
  for (const type of listedTypes.filter((each) => each !== "keys"))
    await mkdir(join(directory, type), { recursive: true, mode: 0o700 });
  await syncDirectory(directory);
  await makeDirectory(join(directory, "keys"));
}

// A repository within another's directory would be deleted and counted with it.
async function refuseNesting(state: StateLayout, name: string): Promise<void> {
  const segments = name.split("/");
  for (let length = 1; length < segments.length; length++) {
    const above = segments.slice(0, length).join("/");
    if (await isRepository(state.repository(above).directory))
      throw new ConflictError(`"${above}" is a repository; another cannot lie below it`);
  }
  const below = (await listRepositoryNames(state)).find((other) => other.startsWith(`${name}/`));
  if (below !== undefined) throw new ConflictError(`"${below}" is a repository; its name is in the way of "${name}"`);
}

/** The names of the repositories below a state directory, sorted. */
export async function listRepositoryNames(state: StateLayout): Promise<readonly string[]> {
  const names: string[] = [];
  async function visit(directory: string, prefix: string): Promise<void> {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const name = `${prefix}${entry.name}`;
      if (!entry.isDirectory() || faultOfRepositoryName(name) !== null) continue;
      const path = join(directory, entry.name);
      if (await isRepository(path)) names.push(name);
      else await visit(path, `${name}/`);
    }
  }
  await visit(state.repositories, "");
  return names.sort();
}
