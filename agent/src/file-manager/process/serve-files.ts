import { answerFileRequest, createFileManager } from "../answer-file-request.ts";
import { FileError } from "../file-error.ts";
import { type FromFiles, ToFiles } from "./file-message.ts";

export interface FilesSurroundings {
  readonly now: () => number;
  readonly listen: (hear: (message: unknown) => void) => void;
  readonly tell: (message: FromFiles) => void;
}

interface Asked {
  readonly ending: AbortController;
  next: PromiseWithResolvers<void>;
  upload: PromiseWithResolvers<Uint8Array | null>;
}

/** Answers what is asked over the channel. Never throws. */
export function serveFiles({ now, listen, tell }: FilesSurroundings): void {
  const under = new Map<number, Asked>();

  async function answer({ askId, request, rules, hasUpload }: Extract<ToFiles, { kind: "ask" }>): Promise<void> {
    const asked: Asked = {
      ending: new AbortController(),
      next: Promise.withResolvers(),
      upload: Promise.withResolvers(),
    };
    asked.upload.promise.catch(() => undefined);
    under.set(askId, asked);
    const { signal } = asked.ending;
    try {
      const upload = hasUpload ? uploadOf(askId, asked) : null;
      const { head, body } = await answerFileRequest(createFileManager(rules, now), request, upload, signal);
      tell({ kind: "head", askId, head, hasBody: body !== null });
      if (body !== null) await send(askId, body, asked);
      tell({ kind: "done", askId });
    } catch (error) {
      const code = error instanceof FileError ? error.code : "MYCLOUD_INTERNAL";
      tell({ kind: "failed", askId, code, message: error instanceof Error ? error.message : String(error) });
    } finally {
      under.delete(askId);
    }
  }

  async function* uploadOf(askId: number, asked: Asked): AsyncGenerator<Uint8Array> {
    for (;;) {
      tell({ kind: "upload-wanted", askId });
      const part = await asked.upload.promise;
      asked.upload = Promise.withResolvers();
      asked.upload.promise.catch(() => undefined);
      asked.ending.signal.throwIfAborted();
      if (part === null) return;
      yield part;
    }
  }

  async function send(askId: number, body: AsyncGenerator<Uint8Array>, asked: Asked): Promise<void> {
    try {
      for await (const bytes of body) {
        await asked.next.promise;
        asked.next = Promise.withResolvers();
        asked.ending.signal.throwIfAborted();
        tell({ kind: "part", askId, bytes });
      }
    } finally {
      await body.return(undefined);
    }
  }

  listen((message) => {
    const told = ToFiles.parse(message);
    if (told.kind === "ask") {
      void answer(told);
      return;
    }
    const asked = under.get(told.askId);
    switch (told.kind) {
      case "next":
        asked?.next.resolve();
        return;
      case "upload":
        asked?.upload.resolve(told.bytes);
        return;
      case "upload-failed":
        asked?.upload.reject(new FileError("MYCLOUD_INPUT", "what was sent broke off before its end"));
        return;
      case "end":
        asked?.ending.abort(new FileError("MYCLOUD_UNAVAILABLE", "nobody wants the answer any more"));
        asked?.next.resolve();
        asked?.upload.reject(new FileError("MYCLOUD_UNAVAILABLE", "nobody wants the answer any more"));
    }
  });
}
