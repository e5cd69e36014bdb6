// The thread of `createCheckpoints`: copies what is committed into the database file, again and again, without holding up whoever writes.
import { DatabaseSync } from "node:sqlite";
import { workerData } from "node:worker_threads";

const intervalMs = 500;
const path: unknown = workerData;
if (typeof path !== "string") throw new TypeError("the path of the database file is missing");
const file = new DatabaseSync(path, { timeout: 10_000 });
// Without it the copy may not be on the disk when the log is begun anew.
file.exec("pragma synchronous = full");
const checkpoint = file.prepare("pragma wal_checkpoint(passive)");

setInterval(() => {
  try {
    checkpoint.get();
  } catch {
    // The disk is full, or somebody has the file to themselves for a moment: what is committed is safe in the log, and the next turn comes.
  }
}, intervalMs);
