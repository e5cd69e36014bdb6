// Which entries a backup or a restore takes: restic's patterns, on byte strings. A pattern is components of the Go function
// `filepath.Match`, joined by "/", with `**` for any number of components; one that begins with "/" is matched from the root, any other
// at any depth; what lies below a match matches too; one that begins with "!" takes back what an earlier one matched.
export * from "./glob.ts";
export { cleanPath } from "./pattern.ts";
export * from "./pattern-file.ts";
export * from "./select.ts";
export * from "./size.ts";
