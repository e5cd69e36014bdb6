import type { ViewHead, ViewRequest } from "@mycloud/protocol/snapshot-view";
import { type Answer, createAskedProcess } from "../asked-process/index.ts";
import { UnavailableError } from "../error/index.ts";
import { FromReader, type RepositoryAccess, type ToReader } from "./reader-message.ts";
import { errorOf, tellError } from "./told-error.ts";

export type { RepositoryAccess } from "./reader-message.ts";

export interface SnapshotReaderOptions {
  /** Where what is stored is kept, encrypted as it is, 2 GiB at most; null for nowhere. */
  readonly cacheDirectory: string | null;
  /** What opens a repository, by the name it is asked by; called when it is opened, and again when its token is refused. */
  readonly findAccess: (repository: string) => Promise<RepositoryAccess>;
  /** What the process prints, line by line, which is nothing unless something is wrong. */
  readonly onLine: (line: string) => void;
  /** How long the process stays when nothing is asked; 15 minutes. */
  readonly idleMs?: number;
}

/** What was answered: the head, of the request's kind, and the body where there is one. */
export type ReadAnswer = Answer<ViewHead>;

/** Answers questions about repositories by a process of its own, which begins with the first one. */
export interface SnapshotReader {
  /**
   * Throws as a snapshot view does, what `findAccess` throws as far as it is a BackupError, and UnavailableError when the process has ended under it or
   * has too much to do; so does a body.
   */
  ask(repository: string, request: ViewRequest, signal: AbortSignal): Promise<ReadAnswer>;
  /** Ends the process; what is under way fails. */
  stop(): Promise<void>;
}

const passedOn = [
  "PATH",
  "HOME",
  "TZ",
  "LANG",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_COMPILE_CACHE",
];
const defaultIdleMs = 15 * 60_000;

/** Makes a reader; starts nothing yet. */
export function createSnapshotReader(options: SnapshotReaderOptions): SnapshotReader {
  const { cacheDirectory, findAccess, onLine, idleMs = defaultIdleMs } = options;
  const asked = createAskedProcess<ViewHead>({
    script: new URL("./main.ts", import.meta.url),
    nodeOptions: ["--max-old-space-size=1024", "--max-semi-space-size=8"],
    passedOn,
    environment: { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "1048576" },
    idleMs,
    onLine,
    firstWord: { kind: "start", cacheDirectory } satisfies ToReader,
    lost: (reason) => new UnavailableError(`the process that reads repositories ended (${reason}); ask again`),
    hear(message, reply) {
      const told = FromReader.parse(message);
      if (told.kind === "failed") return { kind: "failed", askId: told.askId, error: errorOf(told.error) };
      if (told.kind !== "access-wanted") return told;
      const { repository } = told;
      findAccess(repository).then(
        (access) => reply({ kind: "access", repository, access } satisfies ToReader),
        (error: unknown) => reply({ kind: "no-access", repository, error: tellError(error) } satisfies ToReader),
      );
      return null;
    },
  });
  return {
    ask: (repository, request, signal) =>
      asked.ask((askId) => ({ kind: "ask", askId, repository, request }) satisfies ToReader, signal),
    stop: () => asked.stop(),
  };
}
