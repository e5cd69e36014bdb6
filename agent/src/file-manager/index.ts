// Files of the live machine, for people far away: listed, read, written, moved and deleted in the folders that are backed up (so that there is an earlier
// version to go back to) and that the machine's own policy opens. The agent may well be the administrator, and whoever owns these folders may not:
// so every path is walked name by name from an open directory to the next, following no link, and what is done is done to what was walked to,
// whatever becomes of the names meanwhile. The work is done in a process of its own (`process/`): a folder of a hundred thousand entries, or a
// file system that hangs, is not the agent's concern.
export * from "./file-error.ts";
export * from "./file-rules.ts";
export * from "./process/files-process.ts";
