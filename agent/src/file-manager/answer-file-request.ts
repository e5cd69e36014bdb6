import { randomBytes } from "node:crypto";
import { loadAccountNames } from "@mycloud/backup/filesystem";
import type { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { deleteEntry } from "./delete-entry.ts";
import type { FileManager } from "./file-manager.ts";
import type { FileRules } from "./file-rules.ts";
import { listFolder, listRoots } from "./list-folder.ts";
import { makeFolder } from "./make-folder.ts";
import { managedRoots } from "./managed-place.ts";
import { findOwnDirectories } from "./open-place.ts";
import { readFile } from "./read-file.ts";
import { renameEntry } from "./rename-entry.ts";
import { toFileError } from "./system-error.ts";
import { writeFile } from "./write-file.ts";

export interface FileAnswer {
  readonly head: FileHead;
  readonly body: AsyncGenerator<Uint8Array> | null;
}

/** Makes what answers requests about files by these rules. */
export function createFileManager(rules: FileRules, now: () => number): FileManager {
  return {
    rules,
    roots: managedRoots(rules),
    own: findOwnDirectories(rules),
    accounts: loadAccountNames(),
    newUploadId: () => randomBytes(8).toString("hex"),
    now,
  };
}

/** Does what is asked. `upload` is what came with a write. Throws FileError, in words for whoever asked, and Error for what nobody foresaw. */
export async function answerFileRequest(
  manager: FileManager,
  request: FileRequest,
  upload: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): Promise<FileAnswer> {
  try {
    return await answer(manager, request, upload, signal);
  } catch (error) {
    throw toFileError(error, "path" in request ? request.path : "the folders");
  }
}

async function answer(
  manager: FileManager,
  request: FileRequest,
  upload: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): Promise<FileAnswer> {
  switch (request.kind) {
    case "roots":
      return { head: listRoots(manager), body: null };
    case "list":
      return { head: await listFolder(manager, request, signal), body: null };
    case "read":
      return readFile(manager, request);
    case "write":
      return changed(await writeFile(manager, request, upload ?? nothing(), signal));
    case "make-folder":
      return changed(await makeFolder(manager, request));
    case "rename":
      return changed(await renameEntry(manager, request));
    case "delete":
      await deleteEntry(manager, request, signal);
      return changed(null);
  }
}

function changed(entry: Extract<FileHead, { kind: "changed" }>["entry"]): FileAnswer {
  return { head: { kind: "changed", entry }, body: null };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
