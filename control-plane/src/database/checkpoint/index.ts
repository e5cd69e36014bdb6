// SQLite writes what is committed at the end of a log, and now and then copies what is in it into the file: a checkpoint. Left to itself that is done by a commit,
// which then takes a tenth of a second instead of some milliseconds, and the event loop with it. So a thread does it; commits only when it does not keep up.
export { createCheckpoints } from "./create-checkpoints.ts";
