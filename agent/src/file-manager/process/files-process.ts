import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { FileError } from "../file-error.ts";
import type { FileRules } from "../file-rules.ts";
import { FromFiles, type ToFiles } from "./file-message.ts";

export interface FilesProcessOptions {
  /** What the process prints, line by line, which is nothing unless something is wrong. */
  readonly onLine: (line: string) => void;
  /** How long the process stays when nothing is asked. */
  readonly idleMs?: number;
}

export interface AskedFiles {
  readonly request: FileRequest;
  readonly rules: FileRules;
  /** What comes with a write; read as it is written. */
  readonly upload: AsyncIterable<Uint8Array> | null;
}

/** What was answered. `body` must be read or returned. */
export interface FilesAnswer {
  readonly head: FileHead;
  readonly body: AsyncGenerator<Uint8Array> | null;
}

/** Does what is asked of files by a process of its own, which begins with the first question. */
export interface FilesProcess {
  /** Throws FileError; so does a body. */
  ask(asked: AskedFiles, signal: AbortSignal): Promise<FilesAnswer>;
  /** Ends the process; what is under way fails. */
  stop(): Promise<void>;
}

interface Question {
  readonly askedOf: ChildProcess;
  readonly headed: PromiseWithResolvers<{ readonly head: FileHead; readonly hasBody: boolean }>;
  readonly parts: Uint8Array[];
  readonly upload: AsyncIterator<Uint8Array> | null;
  isOver: boolean;
  failure: unknown;
  wake: () => void;
}

const script = fileURLToPath(new URL("./main.ts", import.meta.url));
const nodeOptions = ["--max-old-space-size=256", "--max-semi-space-size=2"];
/** Nothing else of the environment is its business. */
const passedOn = ["PATH", "HOME", "TZ", "LANG"];
const defaultIdleMs = 3 * 60_000;
const graceMs = 2_000;
/** From its end being told to its being given up: a file system may hang. */
const endWithinMs = 10_000;

/** Makes one; starts nothing yet. */
export function createFilesProcess({ onLine, idleMs = defaultIdleMs }: FilesProcessOptions): FilesProcess {
  const questions = new Map<number, Question>();
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
      env,
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Ctrl-C is for the agent, which ends it itself.
      detached: true,
    });
    if (started.stderr !== null) createInterface({ input: started.stderr }).on("line", onLine);
    started.on("message", (message) => hear(started, message));
    started.once("error", (error) => lose(started, error.message));
    started.once("exit", (code, signal) => lose(started, signal ?? `exit code ${code}`));
    child = started;
    return started;
  }

  function tell(to: ChildProcess, message: ToFiles): void {
    if (to.connected) to.send(message, () => undefined);
  }

  function hear(from: ChildProcess, message: unknown): void {
    const told = FromFiles.parse(message);
    const question = questions.get(told.askId);
    if (question === undefined) return;
    switch (told.kind) {
      case "head":
        question.headed.resolve(told);
        return;
      case "part":
        question.parts.push(told.bytes);
        question.wake();
        return;
      case "upload-wanted":
        void pass(from, told.askId, question.upload);
        return;
      case "done":
        end(told.askId, null);
        return;
      case "failed":
        end(told.askId, new FileError(told.code, told.message));
    }
  }

  async function pass(to: ChildProcess, askId: number, upload: AsyncIterator<Uint8Array> | null): Promise<void> {
    try {
      const part = await upload?.next();
      tell(to, { kind: "upload", askId, bytes: part === undefined || part.done === true ? null : part.value });
    } catch {
      tell(to, { kind: "upload-failed", askId });
    }
  }

  /** It is whole, or it failed. */
  function end(askId: number, failure: unknown): void {
    const question = questions.get(askId);
    if (question === undefined) return;
    questions.delete(askId);
    question.isOver = true;
    question.failure = failure;
    if (failure !== null) question.headed.reject(failure);
    question.wake();
    void question.upload?.return?.();
    if (questions.size > 0 || isStopped) return;
    clearTimeout(idling);
    idling = setTimeout(() => void endChild(), idleMs);
    idling.unref();
  }

  function lose(lost: ChildProcess, reason: string): void {
    if (child === lost) child = undefined;
    const failure = new FileError("MYCLOUD_UNAVAILABLE", `the agent's process for files ended (${reason}); try again`);
    for (const [askId, { askedOf }] of questions) if (askedOf === lost) end(askId, failure);
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

  /** Tells the process that nobody waits any more; one that does not hear it hangs, and the next question gets another. */
  function giveUp(askId: number, question: Question): void {
    if (question.isOver) return;
    const { askedOf } = question;
    tell(askedOf, { kind: "end", askId });
    const killing = setTimeout(() => {
      if (!questions.has(askId)) return;
      askedOf.kill("SIGKILL");
      lose(askedOf, "it hung");
    }, endWithinMs);
    killing.unref();
  }

  async function* bodyOf(askId: number, question: Question): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        if (question.failure !== null) throw question.failure;
        const part = question.parts.shift();
        if (part !== undefined) {
          yield part;
          continue;
        }
        if (question.isOver) return;
        tell(question.askedOf, { kind: "next", askId });
        while (question.parts.length === 0 && !question.isOver) {
          await new Promise<void>((resolve) => {
            question.wake = resolve;
          });
        }
      }
    } finally {
      giveUp(askId, question);
    }
  }

  return {
    async ask({ request, rules, upload }, signal) {
      signal.throwIfAborted();
      if (isStopped) throw new FileError("MYCLOUD_UNAVAILABLE", "the agent is stopping");
      clearTimeout(idling);
      const askedOf = child ?? start();
      const askId = ++lastAskId;
      const question: Question = {
        askedOf,
        headed: Promise.withResolvers(),
        parts: [],
        upload: upload?.[Symbol.asyncIterator]() ?? null,
        isOver: false,
        failure: null,
        wake: () => undefined,
      };
      questions.set(askId, question);
      const onAbort = () => giveUp(askId, question);
      signal.addEventListener("abort", onAbort, { once: true });
      tell(askedOf, { kind: "ask", askId, request, rules, hasUpload: upload !== null });
      const { head, hasBody } = await question.headed.promise;
      return { head, body: hasBody ? bodyOf(askId, question) : null };
    },
    async stop() {
      isStopped = true;
      clearTimeout(idling);
      await endChild();
    },
  };
}
