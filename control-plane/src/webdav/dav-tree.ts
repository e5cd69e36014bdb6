import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import { maximumFolderPage, type SnapshotEntry, type ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { NotFoundError, UnavailableError } from "../error/index.ts";
import { noteBrowsing, type Onlooker, repositoryOf, type Viewing, versionOf } from "../smart-view/index.ts";
import { findRepositoryFolders, type RepositoryFolder } from "./repository-store.ts";
import { findNamed, nameSnapshots } from "./snapshot-names.ts";

/** Something that a client sees. */
export interface DavResource {
  readonly segments: readonly string[];
  readonly isFolder: boolean;
  readonly modifiedAtMs: number;
  /** Of a file. */
  readonly sizeBytes: number | null;
  readonly etag: string | null;
}

/** A place in the tree, with what is in it. */
export interface DavPlace {
  readonly self: DavResource;
  /** Of a folder; asked for page by page while it is read. */
  children(): AsyncIterable<DavResource>;
  /** Of what lies in a snapshot. */
  readonly inSnapshot: {
    readonly repository: BackupRepository;
    readonly snapshotId: string;
    readonly entry: SnapshotEntry;
  } | null;
}

interface Found {
  readonly repositoryId: number;
  readonly snapshot: ViewSnapshot;
}

/**
 * Finds a place: `/<host>/<snapshot>/...`; where a host has several repositories, `/<host>/<policy>/<snapshot>/...`, and a snapshot also directly where only one of
 * them has it. `/<host>/<policy>/...` is good everywhere. Throws NotFoundError, UnavailableError.
 */
export async function findPlace(viewing: Viewing, onlooker: Onlooker, segments: readonly string[]): Promise<DavPlace> {
  const [hostName, second, ...rest] = segments;
  if (hostName === undefined) return await rootOf(viewing, onlooker);
  const folders = (await findRepositoryFolders(viewing.database.db, onlooker.scope, hostName)).get(hostName) ?? [];
  const [only, ...others] = folders;
  if (only === undefined) throw new NotFoundError(`there is no host ${hostName} with backups`);
  const isAlone = others.length === 0;
  if (second === undefined) {
    return isAlone ? await repositoryPlace(viewing, onlooker, segments, only) : hostPlace(segments, folders);
  }
  const named = folders.find(({ name }) => name === second);
  // Of one repository snapshots come first, of several the policies do: what is listed is what is meant.
  const direct = named === undefined || isAlone ? await findIn(viewing, onlooker, folders, second) : null;
  if (direct !== null) return await entryPlace(viewing, onlooker, [hostName, second], rest, direct);
  if (named === undefined) throw new NotFoundError(`there is no snapshot ${second} of ${hostName}`);
  const [third, ...path] = rest;
  if (third === undefined) return await repositoryPlace(viewing, onlooker, segments, named);
  const found = await findIn(viewing, onlooker, [named], third);
  if (found === null) throw new NotFoundError(`there is no snapshot ${third} of ${hostName}, ${second}`);
  return await entryPlace(viewing, onlooker, [hostName, second, third], path, found);
}

async function rootOf({ database }: Viewing, { scope }: Onlooker): Promise<DavPlace> {
  const hosts = await findRepositoryFolders(database.db, scope, null);
  return {
    self: folder([], 0),
    inSnapshot: null,
    async *children() {
      for (const [name, folders] of hosts) yield folder([name], newest(folders));
    },
  };
}

function hostPlace(segments: readonly string[], folders: readonly RepositoryFolder[]): DavPlace {
  return {
    self: folder(segments, newest(folders)),
    inSnapshot: null,
    async *children() {
      for (const { name, changedAtMs } of folders) yield folder([...segments, name], changedAtMs);
    },
  };
}

async function repositoryPlace(
  viewing: Viewing,
  onlooker: Onlooker,
  segments: readonly string[],
  { id, changedAtMs }: RepositoryFolder,
): Promise<DavPlace> {
  return {
    self: folder(segments, changedAtMs),
    inSnapshot: null,
    async *children() {
      for (const { name, snapshot } of nameSnapshots(await viewing.finder.list(id, onlooker.signal))) {
        yield folder([...segments, name], snapshot.takenAtMs);
      }
    },
  };
}

/** The snapshot of this name in one of the repositories; the newest of several that are called `latest`, none of several of another name. */
async function findIn(
  { finder }: Viewing,
  { signal }: Onlooker,
  folders: readonly RepositoryFolder[],
  name: string,
): Promise<Found | null> {
  const asked = await Promise.all(
    folders.map(async ({ id }): Promise<Found | UnavailableError | null> => {
      try {
        const snapshot = findNamed(name, await finder.list(id, signal));
        return snapshot === null ? null : { repositoryId: id, snapshot };
      } catch (error) {
        // A machine that is offline keeps nobody from the repositories that are not its own to open.
        if (error instanceof UnavailableError) return error;
        throw error;
      }
    }),
  );
  const found = asked.flatMap((one) => (one === null || one instanceof UnavailableError ? [] : [one]));
  const [first, ...others] = found;
  if (first === undefined) {
    const unavailable = asked.find((one) => one instanceof UnavailableError);
    if (unavailable !== undefined) throw unavailable;
    return null;
  }
  if (others.length > 0 && name !== "latest") return null;
  return found.reduce((best, one) => (one.snapshot.takenAtMs > best.snapshot.takenAtMs ? one : best), first);
}

async function entryPlace(
  viewing: Viewing,
  onlooker: Onlooker,
  base: readonly string[],
  names: readonly string[],
  { repositoryId, snapshot: { id: snapshotId } }: Found,
): Promise<DavPlace> {
  const path = `/${names.join("/")}`;
  const { signal } = onlooker;
  const { entry } = (await viewing.ask(repositoryId, { kind: "entry", snapshotId, path }, { signal })).head;
  if (!isShown(entry)) throw new NotFoundError(`${path} is no file and no folder`);
  const repository = await repositoryOf(viewing, onlooker, repositoryId);
  await noteBrowsing(viewing, onlooker, repository);
  const segments = [...base, ...names];
  return {
    self: resourceOf(segments, entry, snapshotId),
    inSnapshot: { repository, snapshotId, entry },
    async *children() {
      if (entry.type !== "dir") return;
      for (let offset = 0; ; offset += maximumFolderPage) {
        const page = { path, offset, limit: maximumFolderPage, sort: "name", order: "asc", nameContains: "" } as const;
        const { head } = await viewing.ask(repositoryId, { kind: "folder", snapshotId, ...page }, { signal });
        const { entries, total } = head.page;
        for (const child of entries) {
          if (isShown(child)) yield resourceOf([...segments, child.name], child, snapshotId);
        }
        if (entries.length === 0 || offset + entries.length >= total) return;
      }
    },
  };
}

/** WebDAV has files and folders; links, devices and sockets mean nothing to its clients. */
function isShown({ type }: SnapshotEntry): boolean {
  return type === "file" || type === "dir";
}

function resourceOf(segments: readonly string[], entry: SnapshotEntry, snapshotId: string): DavResource {
  if (entry.type === "dir") return folder(segments, entry.modifiedAtMs);
  const { modifiedAtMs, sizeBytes } = entry;
  return { segments, isFolder: false, modifiedAtMs, sizeBytes: sizeBytes ?? 0, etag: versionOf(entry, snapshotId) };
}

function folder(segments: readonly string[], modifiedAtMs: number): DavResource {
  return { segments, isFolder: true, modifiedAtMs, sizeBytes: null, etag: null };
}

function newest(folders: readonly RepositoryFolder[]): number {
  return Math.max(0, ...folders.map(({ changedAtMs }) => changedAtMs));
}
