// Makes snapshots. The main thread walks the given paths beside the parent snapshot's trees, decides what changed, and does all storage
// I/O; worker threads read, chunk, hash, compress and seal file content into packs (`worker-pool/`). What surprises (a file that changes
// or vanishes while it is read, one that may not be read) is named and counted, and the snapshot is made all the same.
export * from "./back-up.ts";
export * from "./backup-options.ts";
export * from "./backup-summary.ts";
export { CommandFailedError } from "./command-output.ts";
export * from "./look-ahead.ts";
export * from "./survey/survey.ts";
export { type SurveyOptions, surveyPaths } from "./survey/survey-paths.ts";
