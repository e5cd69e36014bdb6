import type { Id } from "../blob/index.ts";
import { type ByteString, byteString } from "../byte-string/index.ts";
import { InputError } from "../error/index.ts";
import type { Repository } from "../repository/index.ts";
import { instantText, type Node } from "../tree/index.ts";
import type { BackupOptions, BackupSource } from "./backup-options.ts";
import { commandOutput } from "./command-output.ts";
import type { ProgressMeter } from "./progress-meter.ts";
import { storeStream } from "./store-stream.ts";
import type { StoreSession } from "./storing/store-session.ts";
import { resolvePath } from "./walking/clean-path.ts";
import type { WalkFigures } from "./walking/walk-figures.ts";

interface Run {
  readonly session: StoreSession;
  readonly meter: ProgressMeter;
  readonly walk: WalkFigures;
  readonly signal: AbortSignal;
}

type StreamOptions = BackupOptions & { readonly source: Exclude<BackupSource, { kind: "paths" }> };

/** Stores a stream as one file below the root, as restic's --stdin does. Throws what the stream throws. */
export async function storeStreamSource(
  repository: Repository,
  options: StreamOptions,
  { session, meter, walk, signal }: Run,
): Promise<Id> {
  const { source } = options;
  const path = resolvePath(byteString("/"), source.fileName);
  const [name, ...directories] = path.split("/").slice(1).reverse() as ByteString[];
  if (name === undefined || name === "") throw new InputError("the name of the file to make of a stream is empty");
  const content = source.kind === "stream" ? source.content : commandOutput(source.command, signal);
  meter.visit(path);
  const stored = await storeStream(content, repository.config.chunkerPolynomial, (job) => session.runJob(job), {
    mostAtOnce: 2,
    onBytes: (bytes) => {
      meter.bytesDone += bytes;
      meter.tell();
    },
    signal,
  });
  await session.flushThreads();
  walk.files = walk.filesNew = meter.filesDone = 1;
  walk.bytes = stored.size;
  const time = instantText(BigInt(Math.round(options.timeMs ?? options.now())) * 1_000_000n);
  const owner = { mtime: time, atime: time, ctime: time, uid: options.uid ?? 0, gid: options.gid ?? 0 };
  let node: Node = { name, type: "file", mode: 0o644, ...owner, ...stored, links: 1 };
  for (const directory of directories) {
    const subtree = session.treeStorer.store([node]);
    node = { name: directory, type: "dir", mode: 0o755, ...owner, content: null, subtree };
    walk.dirsNew += 1;
  }
  return session.treeStorer.store([node]);
}
