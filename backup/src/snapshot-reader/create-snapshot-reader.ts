import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ViewHead, ViewRequest } from "@mycloud/protocol/snapshot-view";
import { UnavailableError } from "../error/index.ts";
import { AwaitedAnswer } from "./awaited-answer.ts";
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
export interface ReadAnswer {
  readonly head: ViewHead;
  /** Made while it is read; `return()` ends the work. */
  readonly body: AsyncGenerator<Uint8Array> | null;
}

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

const script = fileURLToPath(new URL("./main.ts", import.meta.url));
const nodeOptions = ["--max-old-space-size=1024", "--max-semi-space-size=8"];
const memoryEnvironment = { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "1048576" };
/** Nothing else of the environment is its business: there may be secrets. */
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
/** From being told to end to being killed. */
const graceMs = 2_000;

/** Makes a reader; starts nothing yet. */
export function createSnapshotReader(options: SnapshotReaderOptions): SnapshotReader {
  const { cacheDirectory, findAccess, onLine, idleMs = defaultIdleMs } = options;
  const awaited = new Map<number, AwaitedAnswer>();
  let child: ChildProcess | undefined;
  let lastAskId = 0;
  let idling: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function start(): ChildProcess {
    const env = Object.fromEntries(
      passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    );
    const started = fork(script, [], {
      execArgv: nodeOptions,
      env: { ...env, ...memoryEnvironment },
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Ctrl-C is for us, who end it ourselves.
      detached: true,
    });
    if (started.stderr !== null) createInterface({ input: started.stderr }).on("line", onLine);
    started.on("message", (message) => hear(started, message));
    started.once("error", (error) => lose(started, error.message));
    started.once("exit", (code, signal) => lose(started, signal ?? `exit code ${code}`));
    child = started;
    tell(started, { kind: "start", cacheDirectory });
    return started;
  }

  function tell(to: ChildProcess, message: ToReader): void {
    if (to.connected) to.send(message, () => undefined);
  }

  function hear(from: ChildProcess, message: unknown): void {
    const told = FromReader.parse(message);
    if (told.kind === "access-wanted") {
      const { repository } = told;
      findAccess(repository).then(
        (access) => tell(from, { kind: "access", repository, access }),
        (error: unknown) => tell(from, { kind: "no-access", repository, error: tellError(error) }),
      );
      return;
    }
    const answer = awaited.get(told.askId);
    if (answer === undefined) return;
    if (told.kind === "head") answer.takeHead(told.head, told.hasBody);
    else if (told.kind === "bytes") answer.takeBytes(told.bytes);
    else {
      forget(told.askId);
      answer.end(told.kind === "done" ? null : errorOf(told.error));
    }
  }

  /** The process is gone, and with it what was under way. */
  function lose(lost: ChildProcess, reason: string): void {
    if (child === lost) child = undefined;
    for (const [askId, answer] of awaited) {
      if (answer.asked !== lost) continue;
      forget(askId);
      answer.end(new UnavailableError(`the process that reads repositories ended (${reason}); ask again`));
    }
  }

  function forget(askId: number): void {
    awaited.delete(askId);
    if (awaited.size > 0 || isStopped) return;
    clearTimeout(idling);
    idling = setTimeout(() => void endChild(), idleMs);
    idling.unref();
  }

  async function endChild(): Promise<void> {
    const ending = child;
    child = undefined;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const killing = setTimeout(() => ending.kill("SIGKILL"), graceMs);
    await new Promise<void>((resolve) => {
      ending.once("exit", () => resolve());
      ending.once("error", () => resolve());
      if (ending.connected) ending.disconnect();
    });
    clearTimeout(killing);
  }

  return {
    async ask(repository, request, signal) {
      signal.throwIfAborted();
      if (isStopped) throw new UnavailableError("the process that reads repositories has ended");
      clearTimeout(idling);
      const asked = child ?? start();
      const askId = ++lastAskId;
      const answer = new AwaitedAnswer({
        asked,
        signal,
        onConsumed: (bytes) => tell(asked, { kind: "more", askId, bytes }),
        onGivenUp: () => {
          if (awaited.has(askId)) tell(asked, { kind: "end", askId });
          forget(askId);
        },
      });
      awaited.set(askId, answer);
      tell(asked, { kind: "ask", askId, repository, request });
      const { head, hasBody } = await answer.head;
      return { head, body: hasBody ? answer.body() : null };
    },
    async stop() {
      isStopped = true;
      clearTimeout(idling);
      await endChild();
    },
  };
}
