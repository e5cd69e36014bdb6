import type { Id } from "../blob/index.ts";

/** The kinds of files of a repository (restic's design.rst), and `holds`, which only we know. */
export const fileTypes = ["config", "keys", "locks", "snapshots", "index", "data", "holds"] as const;
export type FileType = (typeof fileTypes)[number];

/** Names one file. The name of `config` is empty; that of a hold is the id of the snapshot it holds. */
export interface FileHandle {
  readonly type: FileType;
  readonly name: Id | "";
}

export interface FileInfo {
  readonly name: Id;
  readonly sizeBytes: number;
  /** For snapshots on a server that counts them: their place in the order of arrival, from 1. */
  readonly sequence?: number;
}

/** Keeps the files of one repository. Every call may be made concurrently with every other. */
export interface Backend {
  /** For people: path or URL, without password or token. */
  readonly location: string;
  /** Whether every read is a round trip, so that a local cache pays. */
  readonly isRemote: boolean;
  /** How many calls at once are worth while. */
  readonly connections: number;

  /** Makes the place for a new repository. Succeeds when it exists already. */
  create(signal?: AbortSignal): Promise<void>;
  /**
   * Stores a file: durable and whole when it resolves, absent when it rejects. Succeeds at once when a file of this name is there
   * (content decides names), except for `config`, where it throws ExistsError.
   * Throws NotAllowedError, OutOfSpaceError, UnavailableError.
   */
  save(handle: FileHandle, bytes: Uint8Array, signal?: AbortSignal): Promise<void>;
  /** The file or a part of it, in memory of its own (it may be transferred). Throws NotFoundError; DamagedError when it is shorter than the range. */
  load(
    handle: FileHandle,
    range?: { readonly offset: number; readonly length: number },
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Where the file lies, for threads that read it themselves, which spares the main thread work and all of them a copy. Null, or absent,
   * where reading must go through `load`: on servers, and where its rate is limited.
   */
  pathOf?(handle: FileHandle): string | null;
  /** Null when there is no such file. */
  stat(handle: FileHandle, signal?: AbortSignal): Promise<FileInfo | null>;
  /** Every file of a type, in no order. Files whose name is no id are passed over. */
  list(type: Exclude<FileType, "config">, signal?: AbortSignal): Promise<readonly FileInfo[]>;
  /** Succeeds when there is none. Throws NotAllowedError on an append-only server. */
  remove(handle: FileHandle, signal?: AbortSignal): Promise<void>;
  /** Packs that the server found damaged and wants again; empty where nobody scrubs. */
  listWanted(signal?: AbortSignal): Promise<readonly Id[]>;
  /** Frees connections. No call may follow. */
  close(): Promise<void>;
}
