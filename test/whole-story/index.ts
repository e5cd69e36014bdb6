// The set of the story that acceptance/whole-story.test.ts tells: what is watched, what breaks, and what has to be installed.
export * from "./closable-port.ts";
export * from "./hindrance.ts";
export * from "./story-definitions.ts";
