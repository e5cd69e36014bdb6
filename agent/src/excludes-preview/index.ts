// What a backup of this machine would take and what each of its rules leaves out, for whoever writes a policy: counted on the live machine with the
// engine's own matching, by a process of its own that has a minute, reads no file's content and changes nothing.
export * from "./create-excludes-previewer.ts";
