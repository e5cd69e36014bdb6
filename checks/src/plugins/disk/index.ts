// The disk check, and which file systems a person means by "all disks".
export * from "./disk.ts";
export * from "./file-systems.ts";
