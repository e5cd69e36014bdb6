import { createBodyWindow, type SendWindow, sendBody } from "@mycloud/backup/asked-process";
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
  readonly window: SendWindow;
  upload: PromiseWithResolvers<Uint8Array | null>;
}

/** Answers what is asked over the channel. Never throws. */
export function serveFiles({ now, listen, tell }: FilesSurroundings): void {
  const under = new Map<number, Asked>();

  async function answer({ askId, request, rules, hasUpload }: Extract<ToFiles, { kind: "ask" }>): Promise<void> {
    const asked: Asked = {
      ending: new AbortController(),
      window: createBodyWindow(),
      upload: Promise.withResolvers(),
    };
    asked.upload.promise.catch(() => undefined);
    under.set(askId, asked);
    const { signal } = asked.ending;
    try {
      const upload = hasUpload ? uploadOf(askId, asked) : null;
      const { head, body } = await answerFileRequest(createFileManager(rules, now), request, upload, signal);
      tell({ kind: "head", askId, head, hasBody: body !== null });
      const tellBytes = (bytes: Uint8Array) => tell({ kind: "bytes", askId, bytes });
      if (body !== null) await sendBody(body, asked.window, tellBytes, signal);
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

  listen((message) => {
    const told = ToFiles.parse(message);
    if (told.kind === "ask") {
      void answer(told);
      return;
    }
    const asked = under.get(told.askId);
    switch (told.kind) {
      case "more":
        asked?.window.give(told.bytes);
        return;
      case "upload":
        asked?.upload.resolve(told.bytes);
        return;
      case "upload-failed":
        asked?.upload.reject(new FileError("MYCLOUD_INPUT", "what was sent broke off before its end"));
        return;
      case "end":
        asked?.ending.abort(new FileError("MYCLOUD_UNAVAILABLE", "nobody wants the answer any more"));
        asked?.upload.reject(new FileError("MYCLOUD_UNAVAILABLE", "nobody wants the answer any more"));
    }
  });
}
