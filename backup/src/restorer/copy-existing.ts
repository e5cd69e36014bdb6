import type { WorkerPool } from "../worker-pool/index.ts";
import type { DirectoryHandles } from "./directory-handles.ts";
import type { CopyJob, RestoreJob, RestoreResult } from "./jobs.ts";
import type { PartFile } from "./part-file.ts";
import { ZeroBlobs } from "./zero-blobs.ts";

const jobBytes = 16 * 1024 * 1024;

/**
 * Takes over the blobs that are right in the existing file (1 in `matches`) and not yet in the new one (`present`, which is filled in).
 * Returns the bytes taken over.
 */
export async function copyFromExisting(
  part: PartFile,
  matches: Uint8Array,
  present: Uint8Array,
  tools: {
    readonly pool: Pick<WorkerPool<RestoreJob, RestoreResult>, "run">;
    readonly handles: DirectoryHandles;
  },
): Promise<number> {
  const { file, fd } = part;
  let pieces: { at: number; position: number; id: string; length: number }[] = [];
  let bytes = 0;
  let copied = 0;
  const isSparse = file.isSparse && !part.isReused;
  const zeros = new ZeroBlobs();
  let position = 0;
  const send = async () => {
    const sent = pieces;
    pieces = [];
    bytes = 0;
    if (sent.length > 0) copied += await copy(sent);
  };
  const copy = async (sent: typeof pieces): Promise<number> => {
    const directory = tools.handles.pin(file.directory);
    const source = { directory: directory.fd, name: file.node.name };
    const job: CopyJob = { kind: "copy", source, fd, isSparse, pieces: sent };
    const result = await tools.pool.run(job).finally(() => tools.handles.unpin(file.directory));
    if (result.kind !== "copy") throw new Error("a thread answered another job");
    if (result.failure !== null) part.failure ??= { during: result.failure.during, error: result.failure };
    let length = 0;
    for (const [at, piece] of sent.entries()) {
      if (result.copied[at] !== 1) continue;
      present[piece.at] = 1;
      length += piece.length;
    }
    return length;
  };
  for (const [at, id] of file.content.entries()) {
    const length = file.lengths[at] ?? 0;
    if (matches[at] !== 1 || present[at] === 1) {
      position += length;
      continue;
    }
    if (isSparse && id === file.content[at - 1] && zeros.has(id, length)) {
      // A hole: the new file has one there already.
      present[at] = 1;
      copied += length;
    } else {
      pieces.push({ at, position, id, length });
      bytes += length;
    }
    position += length;
    if (bytes >= jobBytes) await send();
  }
  await send();
  return copied;
}
