// The set of the story that acceptance/logs-story.test.ts tells: what writes the logs and rotates them, and what reads them back.
export * from "./ask-everything.ts";
export * from "./logrotate.ts";
export * from "./numbered-writer.ts";
export * from "./story-definitions.ts";
