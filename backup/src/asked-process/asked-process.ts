import { type ChildProcess, fork, type Serializable } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AnswerPart, AskedWord } from "./asked-words.ts";
import { type Answer, AwaitedAnswer } from "./awaited-answer.ts";

export interface AskedProcessOptions<Head> {
  /** What it runs; it must end when its channel does. */
  readonly script: URL;
  readonly nodeOptions: readonly string[];
  /** Names of what it gets of this process' environment. Nothing else of that is its business: there may be secrets. */
  readonly passedOn: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** How long it stays when nothing is asked. */
  readonly idleMs: number;
  /** Ends it when it does not end an answer so long after it was told to: what it waits for may hang. Default: it is not waited for. */
  readonly hangsAfterMs?: number;
  /** What it prints, line by line. */
  readonly onLine: (line: string) => void;
  /** What it is told first. */
  readonly firstWord?: Serializable;
  /** A message as a part of an answer; null for one that is something else, which is dealt with. `reply` tells the process that sent it. */
  readonly hear: (message: unknown, reply: (word: Serializable) => void) => AnswerPart<Head> | null;
  /** What questions under way fail with when it is gone, and those that come after `stop`. */
  readonly lost: (reason: string) => Error;
}

/** Asks a process of its own, which begins with the first question. */
export interface AskedProcess<Head> {
  /** Throws, as the body does, what was told, what `lost` gives, or the signal's reason. `onEnd` is called once when the answer is over. */
  ask(
    word: (askId: number) => Serializable,
    signal: AbortSignal,
    onEnd?: (askId: number) => void,
  ): Promise<Answer<Head>>;
  /** Ends the process; what is under way fails. */
  stop(): Promise<void>;
}

interface Question<Head> {
  readonly askedOf: ChildProcess;
  readonly answer: AwaitedAnswer<Head>;
  readonly onEnd: () => void;
}

/** From being told to end to being killed. */
const graceMs = 2_000;

/** Makes one; starts nothing yet. */
export function createAskedProcess<Head>(options: AskedProcessOptions<Head>): AskedProcess<Head> {
  const { script, nodeOptions, idleMs, hangsAfterMs, onLine, firstWord, hear, lost } = options;
  const questions = new Map<number, Question<Head>>();
  /** Questions that nobody wants answered and that the process has not said to have ended. */
  const ending = new Map<number, { readonly askedOf: ChildProcess; readonly killing: ReturnType<typeof setTimeout> }>();
  let child: ChildProcess | undefined;
  let lastAskId = 0;
  let idling: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;

  function start(): ChildProcess {
    const started = fork(fileURLToPath(script), [], {
      execArgv: [...nodeOptions],
      env: environmentOf(options),
      serialization: "advanced",
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Ctrl-C is for us, who end it ourselves.
      detached: true,
    });
    if (started.stderr !== null) createInterface({ input: started.stderr }).on("line", onLine);
    started.on("message", (message) => {
      const part = hear(message, (word) => tell(started, word));
      if (part !== null) takePart(part);
    });
    started.once("error", (error) => lose(started, error.message));
    started.once("exit", (code, signal) => lose(started, signal ?? `exit code ${code}`));
    child = started;
    if (firstWord !== undefined) tell(started, firstWord);
    return started;
  }

  function takePart(part: AnswerPart<Head>): void {
    const answer = questions.get(part.askId)?.answer;
    switch (part.kind) {
      case "head":
        answer?.takeHead(part.head, part.hasBody);
        return;
      case "bytes":
        answer?.takeBytes(part.bytes);
        return;
      case "done":
        end(part.askId, null);
        return;
      case "failed":
        end(part.askId, part.error);
    }
  }

  function end(askId: number, failure: Error | null): void {
    const question = questions.get(askId);
    clearTimeout(ending.get(askId)?.killing);
    questions.delete(askId);
    ending.delete(askId);
    question?.answer.end(failure);
    question?.onEnd();
    rest();
  }

  /** The process is gone, and with it what was under way. */
  function lose(gone: ChildProcess, reason: string): void {
    if (child === gone) child = undefined;
    for (const [askId, { askedOf }] of [...questions, ...ending]) if (askedOf === gone) end(askId, lost(reason));
  }

  function giveUp(askId: number): void {
    const question = questions.get(askId);
    if (question === undefined) return;
    const { askedOf } = question;
    tell(askedOf, { kind: "end", askId } satisfies AskedWord);
    if (hangsAfterMs !== undefined) {
      const killing = setTimeout(() => {
        askedOf.kill("SIGKILL");
        lose(askedOf, "it hung");
      }, hangsAfterMs);
      killing.unref();
      ending.set(askId, { askedOf, killing });
    }
    questions.delete(askId);
    question.onEnd();
    rest();
  }

  function rest(): void {
    if (questions.size > 0 || ending.size > 0 || isStopped) return;
    clearTimeout(idling);
    idling = setTimeout(() => void endChild(), idleMs);
    idling.unref();
  }

  async function endChild(): Promise<void> {
    const leaving = child;
    child = undefined;
    if (leaving === undefined || leaving.exitCode !== null || leaving.signalCode !== null) return;
    const killing = setTimeout(() => leaving.kill("SIGKILL"), graceMs);
    await new Promise<void>((resolve) => {
      leaving.once("exit", () => resolve());
      leaving.once("error", () => resolve());
      if (leaving.connected) leaving.disconnect();
    });
    clearTimeout(killing);
  }

  return {
    async ask(word, signal, onEnd) {
      signal.throwIfAborted();
      if (isStopped) throw lost("it was stopped");
      clearTimeout(idling);
      const askedOf = child ?? start();
      const askId = ++lastAskId;
      const answer = new AwaitedAnswer<Head>({
        signal,
        onConsumed: (bytes) => tell(askedOf, { kind: "more", askId, bytes } satisfies AskedWord),
        onGivenUp: () => giveUp(askId),
      });
      questions.set(askId, { askedOf, answer, onEnd: () => onEnd?.(askId) });
      tell(askedOf, word(askId));
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

function environmentOf({
  passedOn,
  environment,
}: Pick<AskedProcessOptions<unknown>, "passedOn" | "environment">): NodeJS.ProcessEnv {
  const own = passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  return { ...Object.fromEntries(own), ...environment };
}

function tell(to: ChildProcess, word: Serializable): void {
  if (to.connected) to.send(word, () => undefined);
}
