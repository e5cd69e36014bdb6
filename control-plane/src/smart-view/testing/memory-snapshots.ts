import type { SnapshotEntry, ViewHead, ViewRequest, ViewSnapshot } from "@mycloud/protocol/snapshot-view";
import { NotFoundError } from "../../error/index.ts";
import type { AskRepository, ViewAnswer } from "../../snapshot-view/ask-repository.ts";

/** A snapshot of a test: paths and contents; `null` is a folder, a function makes content piece by piece. */
export interface MemorySnapshot {
  readonly id: string;
  readonly takenAtMs: number;
  readonly tags?: readonly string[];
  readonly files: Readonly<Record<string, string | Uint8Array | null | MadeContent>>;
}

/** Content that is longer than one wants in memory, or that fails. */
export interface MadeContent {
  readonly sizeBytes: number;
  readonly make: () => AsyncIterable<Uint8Array>;
}

export interface MemorySnapshots {
  readonly ask: AskRepository;
  /** What was asked, in order. */
  readonly asked: { readonly repositoryId: number; readonly request: ViewRequest }[];
  /** Bodies that were begun and not ended. */
  openBodies(): number;
}

/** A repository whose snapshots are these, whatever its number. */
export function memorySnapshots(snapshots: readonly MemorySnapshot[]): MemorySnapshots {
  const asked: MemorySnapshots["asked"] = [];
  let open = 0;

  async function* counted(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    open++;
    try {
      for await (const piece of body) {
        signal.throwIfAborted();
        yield piece;
      }
    } finally {
      open--;
    }
  }

  function answer(request: ViewRequest): { head: ViewHead; body?: AsyncIterable<Uint8Array> } {
    const files = "snapshotId" in request ? filesOf(snapshots, request.snapshotId) : {};
    switch (request.kind) {
      case "snapshots":
        return { head: { kind: "snapshots", snapshots: snapshots.map(viewOf) } };
      case "entry":
        return { head: { kind: "entry", entry: entryOf(files, request.path) } };
      case "folder": {
        const entry = entryOf(files, request.path);
        const children = childrenOf(files, request.path);
        const page = children.slice(request.offset, request.offset + request.limit);
        return { head: { kind: "folder", page: { entry, entries: page, total: children.length } } };
      }
      case "file": {
        const entry = entryOf(files, request.path);
        const content = files[request.path];
        if (content === null || content === undefined) throw new NotFoundError(`${request.path} is no file`);
        const sizeBytes = entry.sizeBytes ?? 0;
        const length = request.length ?? sizeBytes - request.offset;
        const head = { kind: "file", entry, sizeBytes, offset: request.offset, length } as const;
        if (isMade(content)) return { head, body: content.make() };
        return { head, body: pieces(Buffer.from(content).subarray(request.offset, request.offset + length)) };
      }
      case "archive":
        return {
          head: { kind: "archive", fileName: `web1.${request.format}`, mediaType: "application/zip" },
          body: pieces(Buffer.from(`archive of ${request.paths.join(" ")}`)),
        };
      case "find":
      case "compare":
        return { head: { kind: request.kind }, body: pieces(Buffer.from('{"end":{"count":0,"isTruncated":false}}\n')) };
      case "history":
        return { head: { kind: "history", versions: [], isTruncated: false } };
      case "text-diff":
        return { head: { kind: "text-diff", diff: { refusal: "is no text", hunks: [] } } };
    }
  }

  const ask = async (repositoryId: number, request: ViewRequest, { signal }: { readonly signal: AbortSignal }) => {
    asked.push({ repositoryId, request });
    signal.throwIfAborted();
    const { head, body } = answer(request);
    return { head, body: body === undefined ? null : counted(body, signal) } as ViewAnswer;
  };
  return { ask: ask as AskRepository, asked, openBodies: () => open };
}

function isMade(content: string | Uint8Array | MadeContent): content is MadeContent {
  return typeof content === "object" && "make" in content;
}

function filesOf(snapshots: readonly MemorySnapshot[], id: string): MemorySnapshot["files"] {
  const found = snapshots.find((snapshot) => snapshot.id === id);
  if (found === undefined) throw new NotFoundError(`there is no snapshot ${id}`);
  return found.files;
}

function viewOf({ id, takenAtMs, tags = [] }: MemorySnapshot): ViewSnapshot {
  return {
    ...{ id, takenAtMs, hostName: "web1", paths: ["/"], tags: [...tags], programVersion: null, sequence: null },
    ...{ filesNew: null, filesChanged: null, filesUnmodified: null, totalFiles: null, totalBytes: null },
    ...{ addedBytes: null, unreadableCount: 0, hold: null },
  };
}

function entryOf(files: MemorySnapshot["files"], path: string): SnapshotEntry {
  const content = path === "/" ? null : files[path];
  if (content === undefined) throw new NotFoundError(`${path} is not in the snapshot`);
  const sizeBytes = content === null ? null : isMade(content) ? content.sizeBytes : Buffer.byteLength(content);
  return {
    ...{ name: path.slice(path.lastIndexOf("/") + 1), path, type: content === null ? "dir" : "file", sizeBytes },
    ...{ modifiedAtMs: 1_790_000_000_000, mode: "-rw-r--r--", user: "root", group: "root", linkTarget: null },
    contentId: content === null ? null : `content of ${path}`,
  };
}

function childrenOf(files: MemorySnapshot["files"], folder: string): SnapshotEntry[] {
  const parent = folder === "/" ? "" : folder;
  return Object.keys(files)
    .filter((path) => path.slice(0, path.lastIndexOf("/")) === parent)
    .map((path) => entryOf(files, path));
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
