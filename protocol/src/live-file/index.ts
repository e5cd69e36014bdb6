// Files of a live machine as people manage them: its backed-up folders, as far as the machine's own policy goes.
export * from "./live-file.ts";
