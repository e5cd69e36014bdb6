// The console's files are built when their inputs changed: `dist/.inputs-sha256` remembers of which inputs they were made.
export * from "./build-console.ts";
export * from "./console-inputs.ts";
