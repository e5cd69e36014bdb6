import { mkdir, open, stat, unlink } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isId } from "../../blob/index.ts";
import { syncDirectory, writeFileDurably } from "../../durable-file/index.ts";
import { DamagedError, ExistsError, InputError, NotAllowedError, NotFoundError } from "../../error/index.ts";
import { type Backend, type FileHandle, type FileInfo, type FileType, fileTypes } from "../backend.ts";
import { directoriesOf, type Modes, modesLike, pathOf } from "./layout.ts";
import { listDirectory } from "./list-directory.ts";

/** The backend of a repository in this directory, which need not exist yet. `now` (milliseconds since 1970) tells abandoned temporaries. */
export function openLocalBackend(path: string, options: { readonly now?: () => number } = {}): Backend {
  return new LocalBackend(resolve(path), options.now ?? Date.now);
}

class LocalBackend implements Backend {
  readonly location: string;
  readonly connections = 4;
  readonly isRemote = false;
  readonly #now: () => number;
  #modes: Modes | null = null;

  constructor(location: string, now: () => number) {
    this.location = location;
    this.#now = now;
  }

  async create(signal?: AbortSignal): Promise<void> {
    const mode = (await this.#readModes()).directory;
    for (const type of fileTypes) {
      if (type === "config") continue;
      for (const directory of directoriesOf(this.location, type)) {
        signal?.throwIfAborted();
        await mkdir(directory, { recursive: true, mode }).catch((error) => this.#refuse(error, directory));
      }
    }
    for (const type of fileTypes) {
      if (type !== "config") await syncDirectory(`${this.location}/${type}`);
    }
    await syncDirectory(this.location);
    await syncDirectory(dirname(this.location)).catch(() => undefined);
  }

  async save(handle: FileHandle, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const path = this.#pathOf(handle);
    const present = await this.stat(handle, signal);
    // A file of its name but not of its length is the ruin of one: it is replaced.
    if (present !== null && handle.type !== "config" && (handle.type === "holds" || present.sizeBytes === bytes.length))
      return;
    const modes = await this.#readModes();
    // A lock that is gone after a power cut is as good as one whose owner is gone.
    const options = { mode: modes.file, isNew: handle.type === "config", isSynced: handle.type !== "locks" };
    try {
      await writeFileDurably(path, bytes, options);
    } catch (error) {
      if (codeOf(error) !== "ENOENT" || (await stat(this.location).catch(() => null)) === null) {
        return this.#refuse(error, path);
      }
      // Other programs need not have made every directory; `holds` is ours alone.
      await mkdir(dirname(path), { recursive: true, mode: modes.directory }).catch((e) => this.#refuse(e, path));
      await syncDirectory(dirname(dirname(path)));
      await writeFileDurably(path, bytes, options).catch((e) => this.#refuse(e, path));
    }
  }

  async load(
    handle: FileHandle,
    range?: { readonly offset: number; readonly length: number },
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    signal?.throwIfAborted();
    const path = this.#pathOf(handle);
    await using file = await open(path, "r").catch((error) => this.#refuse(error, path));
    const offset = range?.offset ?? 0;
    const length = range?.length ?? (await file.stat()).size;
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
      if (bytesRead === 0) {
        throw new DamagedError(
          objectOf(handle),
          `has ${offset + filled} bytes, at least ${offset + length} were expected`,
        );
      }
      filled += bytesRead;
      signal?.throwIfAborted();
    }
    return bytes;
  }

  pathOf(handle: FileHandle): string {
    return this.#pathOf(handle);
  }

  async stat(handle: FileHandle, signal?: AbortSignal): Promise<FileInfo | null> {
    signal?.throwIfAborted();
    const path = this.#pathOf(handle);
    try {
      return { name: handle.name, sizeBytes: (await stat(path)).size };
    } catch (error) {
      if (codeOf(error) === "ENOENT") return null;
      return this.#refuse(error, path);
    }
  }

  async list(type: Exclude<FileType, "config">, signal?: AbortSignal): Promise<readonly FileInfo[]> {
    const directories = directoriesOf(this.location, type);
    const found: FileInfo[][] = [];
    const remaining = directories.entries();
    const work = async () => {
      for (const [number, directory] of remaining) {
        signal?.throwIfAborted();
        found[number] = await listDirectory(directory, this.#now()).catch((error) => this.#refuse(error, directory));
      }
    };
    await Promise.all(Array.from({ length: Math.min(directories.length, this.connections) }, work));
    return found.flat();
  }

  async remove(handle: FileHandle, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const path = this.#pathOf(handle);
    try {
      await unlink(path);
      // Durable as well: prune relies on the order of what it removes.
      if (handle.type !== "locks") await syncDirectory(dirname(path));
    } catch (error) {
      if (codeOf(error) !== "ENOENT") this.#refuse(error, path);
    }
  }

  async listWanted(): Promise<readonly string[]> {
    return [];
  }

  async close(): Promise<void> {}

  #pathOf(handle: FileHandle): string {
    const isNamed = handle.type === "config" ? handle.name === "" : isId(handle.name);
    if (!isNamed) throw new InputError(`"${handle.name}" is no name of a file in ${handle.type}`);
    return pathOf(this.location, handle);
  }

  async #readModes(): Promise<Modes> {
    if (this.#modes !== null) return this.#modes;
    const config = await stat(pathOf(this.location, { type: "config", name: "" })).catch(() => null);
    const modes = modesLike(config === null ? null : config.mode);
    if (config !== null) this.#modes = modes;
    return modes;
  }

  #refuse(error: unknown, path: string): never {
    switch (codeOf(error)) {
      case "ENOENT":
      case "ENOTDIR":
        throw new NotFoundError(`${path} does not exist`, { cause: error });
      case "EEXIST":
        throw new ExistsError(`${path} exists already`, { cause: error });
      case "EACCES":
      case "EPERM":
      case "EROFS":
        throw new NotAllowedError(`${path}: the system does not allow it (${codeOf(error)})`, { cause: error });
      default:
        throw error;
    }
  }
}

function objectOf(handle: FileHandle): string {
  return handle.type === "config" ? "config" : `${handle.type}/${handle.name}`;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
