// Looking into snapshots: what can be asked of a repository, and how it is answered. A small answer is the head alone; content, archives and long
// lists of lines follow as a body, streamed.
export * from "./entry.ts";
export * from "./view-answer.ts";
export * from "./view-request.ts";
