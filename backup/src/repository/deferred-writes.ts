import type { Backend, FileHandle, FileInfo, FileType } from "../backend/index.ts";
import type { Id } from "../blob/index.ts";

/**
 * A backend that can be told to hold back what changes the repository until something is certain; reading goes on. Locks are excepted:
 * they are what makes certain.
 */
export class DeferredWrites implements Backend {
  readonly #backend: Backend;
  #until: Promise<unknown> | null = null;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Writes wait for this promise, and fail as it does. */
  defer(until: Promise<unknown>): void {
    this.#until = until;
    const clear = () => {
      if (this.#until === until) this.#until = null;
    };
    // A failure stays: what was held back must not be let through by being tried again.
    until.then(clear, () => undefined);
  }

  get location(): string {
    return this.#backend.location;
  }

  get isRemote(): boolean {
    return this.#backend.isRemote;
  }

  get connections(): number {
    return this.#backend.connections;
  }

  async create(signal?: AbortSignal): Promise<void> {
    await this.#until;
    await this.#backend.create(signal);
  }

  async save(handle: FileHandle, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (this.#until !== null && handle.type !== "locks") await this.#until;
    await this.#backend.save(handle, bytes, signal);
  }

  async remove(handle: FileHandle, signal?: AbortSignal): Promise<void> {
    if (this.#until !== null && handle.type !== "locks") await this.#until;
    await this.#backend.remove(handle, signal);
  }

  load(
    handle: FileHandle,
    range?: { readonly offset: number; readonly length: number },
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#backend.load(handle, range, signal);
  }

  pathOf(handle: FileHandle): string | null {
    return this.#backend.pathOf?.(handle) ?? null;
  }

  stat(handle: FileHandle, signal?: AbortSignal): Promise<FileInfo | null> {
    return this.#backend.stat(handle, signal);
  }

  list(type: Exclude<FileType, "config">, signal?: AbortSignal): Promise<readonly FileInfo[]> {
    return this.#backend.list(type, signal);
  }

  listWanted(signal?: AbortSignal): Promise<readonly Id[]> {
    return this.#backend.listWanted(signal);
  }

  close(): Promise<void> {
    return this.#backend.close();
  }
}
