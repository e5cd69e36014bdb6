// A drill restores a random sample of a snapshot the way a restore does and holds it against what the snapshot says, and against the files it was made of
// where those have not changed since. From its rate follows how long all of it would take.
export * from "./choose-sample.ts";
export * from "./run-drill.ts";
