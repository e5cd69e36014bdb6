// Zone files (master files, RFC 1035 §5): read with every fault named by its line, and written so that they are read back as the same zone.
export * from "./format-zone-file.ts";
export * from "./parse-zone-file.ts";
