import { type Answer, createAskedProcess } from "@mycloud/backup/asked-process";
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
export type FilesAnswer = Answer<FileHead>;

/** Does what is asked of files by a process of its own, which begins with the first question. */
export interface FilesProcess {
  /** Throws FileError, or the signal's reason; so does a body. */
  ask(asked: AskedFiles, signal: AbortSignal): Promise<FilesAnswer>;
  /** Ends the process; what is under way fails. */
  stop(): Promise<void>;
}

const passedOn = ["PATH", "HOME", "TZ", "LANG"];
const defaultIdleMs = 3 * 60_000;
/** A file system may hang. */
const hangsAfterMs = 10_000;

/** Makes one; starts nothing yet. */
export function createFilesProcess({ onLine, idleMs = defaultIdleMs }: FilesProcessOptions): FilesProcess {
  const uploads = new Map<number, AsyncIterator<Uint8Array>>();
  const asked = createAskedProcess<FileHead>({
    script: new URL("./main.ts", import.meta.url),
    nodeOptions: ["--max-old-space-size=256", "--max-semi-space-size=2"],
    passedOn,
    idleMs,
    hangsAfterMs,
    onLine,
    lost: (reason) =>
      new FileError("MYCLOUD_UNAVAILABLE", `the agent's process for files ended (${reason}); try again`),
    hear(message, reply) {
      const told = FromFiles.parse(message);
      if (told.kind === "failed") return { ...told, error: new FileError(told.code, told.message) };
      if (told.kind !== "upload-wanted") return told;
      void nextPart(told.askId).then(reply);
      return null;
    },
  });

  async function nextPart(askId: number): Promise<ToFiles> {
    try {
      const part = await uploads.get(askId)?.next();
      return { kind: "upload", askId, bytes: part === undefined || part.done === true ? null : part.value };
    } catch {
      return { kind: "upload-failed", askId };
    }
  }

  function endUpload(askId: number): void {
    void uploads.get(askId)?.return?.();
    uploads.delete(askId);
  }

  return {
    ask({ request, rules, upload }, signal) {
      const word = (askId: number): ToFiles => {
        if (upload !== null) uploads.set(askId, upload[Symbol.asyncIterator]());
        return { kind: "ask", askId, request, rules, hasUpload: upload !== null };
      };
      return asked.ask(word, signal, endUpload);
    },
    stop: () => asked.stop(),
  };
}
