// Which snapshot and which path of it a person means. A snapshot is the beginning of an id, `latest`, `latest~1`, or a time: the newest at or before
// it. A path is written as `mycloud ls` shows it; a relative one counts from the working directory, on the machine itself.
export * from "./choose-snapshot.ts";
export * from "./list-snapshots.ts";
export * from "./local-time.ts";
export * from "./snapshot-path.ts";
export * from "./snapshot-word.ts";
export * from "./split-arguments.ts";
export * from "./view-path.ts";
