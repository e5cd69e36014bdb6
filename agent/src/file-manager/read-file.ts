import { closeSync, constants, openSync, read } from "node:fs";
import { promisify } from "node:util";
import { displayText } from "@mycloud/backup/byte-string";
import { statOf } from "@mycloud/backup/filesystem";
import type { FileHead, FileRequest } from "@mycloud/protocol/agent-question";
import { FileError } from "./file-error.ts";
import { assertFile, type FileManager, openPath } from "./file-manager.ts";
import { liveEntry, mayChange } from "./live-entry.ts";

type ReadRequest = Extract<FileRequest, { kind: "read" }>;

export interface OpenedFile {
  readonly head: Extract<FileHead, { kind: "read" }>;
  /** Throws when the file became shorter meanwhile. `return()` closes it; it must be read or returned. */
  readonly body: AsyncGenerator<Uint8Array>;
}

const pieceBytes = 256 * 1024;
const readAsync = promisify(read);

/** Opens a file for reading a part of it; a part behind its end is empty. */
export function readFile(manager: FileManager, { path, offset, length }: ReadRequest): OpenedFile {
  using place = openPath(manager, path);
  const { directory, name } = place;
  const named = directory.openEntry(name);
  try {
    assertFile(statOf(named), place.place.path);
    // By what was looked at, and not by its name: in between it could have become a device, which opening alone can move.
    const fd = openSync(`/proc/self/fd/${named}`, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = statOf(fd);
      const from = Math.min(offset, stat.size);
      const bytes = Math.min(length ?? stat.size, stat.size - from);
      const entry = liveEntry(manager, place.place, stat, { linkTarget: null, isWritable: mayChange(manager, place) });
      return {
        head: { kind: "read", entry, sizeBytes: stat.size, offset: from, length: bytes },
        body: readPart(fd, from, bytes, displayText(place.place.path)),
      };
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  } finally {
    closeSync(named);
  }
}

function readPart(fd: number, offset: number, length: number, path: string): AsyncGenerator<Uint8Array> {
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  async function* parts(): AsyncGenerator<Uint8Array> {
    try {
      for (let done = 0; done < length; ) {
        const piece = Buffer.allocUnsafe(Math.min(pieceBytes, length - done));
        const { bytesRead } = await readAsync(fd, piece, 0, piece.length, offset + done);
        if (bytesRead === 0) throw new FileError("MYCLOUD_CONFLICT", `${path} became shorter while it was read`);
        done += bytesRead;
        yield piece.subarray(0, bytesRead);
      }
    } finally {
      close();
    }
  }
  const generator = parts();
  const end = generator.return.bind(generator);
  // One that was never begun has no `finally` to close the file.
  generator.return = (value) => {
    close();
    return end(value);
  };
  return generator;
}
