import { createBodyWindow, type SendWindow, sendBody } from "../asked-process/index.ts";
import { InputError, UnavailableError } from "../error/index.ts";
import { OpenRepositories } from "./open-repositories.ts";
import { type FromReader, type RepositoryAccess, ToReader } from "./reader-message.ts";
import { errorOf, tellError } from "./told-error.ts";

export interface ReaderSurroundings {
  readonly now: () => number;
  readonly listen: (hear: (message: unknown) => void) => void;
  readonly tell: (message: FromReader) => void;
}

/** Questions under way at once, in all and about one repository; a body counts until it is read. */
const questionsAtOnce = 64;
const questionsOfOneRepository = 16;

interface Question {
  readonly repository: string;
  readonly ending: AbortController;
  readonly window: SendWindow;
}

/** Answers what is asked over the channel. Never throws. */
export function serveReader({ now, listen, tell }: ReaderSurroundings): void {
  const questions = new Map<number, Question>();
  const accesses = new Map<string, PromiseWithResolvers<RepositoryAccess>>();
  let repositories: OpenRepositories | undefined;

  function findAccess(repository: string): Promise<RepositoryAccess> {
    const waiting = accesses.get(repository);
    if (waiting !== undefined) return waiting.promise;
    const wanted = Promise.withResolvers<RepositoryAccess>();
    accesses.set(repository, wanted);
    tell({ kind: "access-wanted", repository });
    return wanted.promise;
  }

  function takeAccess(repository: string, settle: (wanted: PromiseWithResolvers<RepositoryAccess>) => void): void {
    const wanted = accesses.get(repository);
    accesses.delete(repository);
    if (wanted !== undefined) settle(wanted);
  }

  async function answer({ askId, repository, request }: Extract<ToReader, { kind: "ask" }>): Promise<void> {
    const question = { repository, ending: new AbortController(), window: createBodyWindow() };
    const { signal } = question.ending;
    try {
      const ofRepository = [...questions.values()].filter((other) => other.repository === repository).length;
      if (questions.size >= questionsAtOnce || ofRepository >= questionsOfOneRepository) {
        throw new UnavailableError("too much is asked at once; try again", { retryAfterSeconds: 5 });
      }
      if (repositories === undefined) throw new InputError("nothing can be asked before the start");
      questions.set(askId, question);
      await repositories.use(repository, async (view) => {
        const { head, body } = await view.answer(request, signal);
        if (signal.aborted) {
          await body?.return(undefined);
          return;
        }
        tell({ kind: "head", askId, head, hasBody: body !== null });
        const tellBytes = (bytes: Uint8Array) => tell({ kind: "bytes", askId, bytes });
        if (body !== null) await sendBody(body, question.window, tellBytes, signal);
      });
      tell({ kind: "done", askId });
    } catch (error) {
      if (!signal.aborted) tell({ kind: "failed", askId, error: tellError(error) });
    } finally {
      questions.delete(askId);
    }
  }

  listen((message) => {
    const told = ToReader.parse(message);
    switch (told.kind) {
      case "start":
        repositories = new OpenRepositories({ cacheDirectory: told.cacheDirectory, findAccess, now });
        return;
      case "ask":
        void answer(told);
        return;
      case "more":
        questions.get(told.askId)?.window.give(told.bytes);
        return;
      case "end":
        questions.get(told.askId)?.ending.abort(new Error("nobody wants the answer any more"));
        // Its place is free at once; its work ends within a moment.
        questions.delete(told.askId);
        return;
      case "access":
        takeAccess(told.repository, (wanted) => wanted.resolve(told.access));
        return;
      case "no-access":
        takeAccess(told.repository, (wanted) => wanted.reject(errorOf(told.error)));
    }
  });
}
