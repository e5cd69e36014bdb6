import { hash } from "node:crypto";
import { closeSync } from "node:fs";
import { Directory, type Fault, faultOf } from "../filesystem/index.ts";
import type { Scratch } from "./examine-file.ts";
import type { CopyJob, CopyResult } from "./jobs.ts";
import { writeContent } from "./write-content.ts";

/** Takes over what is right of an existing file; each piece is checked again as it is read, for the file may change meanwhile. */
export function copyPieces(job: CopyJob, scratch: Scratch): CopyResult {
  const copied = new Uint8Array(job.pieces.length);
  const source = openOrNull(job);
  if (source === null) return { kind: "copy", failure: null, copied };
  let failure: Fault | null = null;
  try {
    for (const [at, { id, length, position }] of job.pieces.entries()) {
      const bytes = scratch.read(source, position, length);
      if (bytes.length !== length || hash("sha256", bytes, "hex") !== id) continue;
      writeContent(job.fd, bytes, position, job.isSparse);
      copied[at] = 1;
    }
  } catch (error) {
    failure = faultOf("write", error);
  } finally {
    closeSync(source);
  }
  return { kind: "copy", failure, copied };
}

/** A file that went away has nothing to take over. */
function openOrNull(job: CopyJob): number | null {
  try {
    return new Directory(job.source.directory).openFile(job.source.name);
  } catch {
    return null;
  }
}
