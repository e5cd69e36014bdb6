// Following what goes on elsewhere: a backup run or a restore run is asked after again and again until it is over, and shown: on a terminal as one
// line that is redrawn, elsewhere as a line now and then. Ctrl-C ends the looking, never the run.
export * from "./follow.ts";
export * from "./run-display.ts";
export * from "./run-progress.ts";
export * from "./while-waiting.ts";
