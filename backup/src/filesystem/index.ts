// Everything that touches the customer's files. Every call is synchronous (fastest in Node, and worker threads make them), and relative to
// an open directory, through `/proc/self/fd/N/name` and without following symbolic links: so a path may be longer than PATH_MAX, and
// nobody who can write to a directory on the way can make us read or write elsewhere, even as root. Descriptors are shared by all
// threads of the process: a worker makes a `Directory` of a number it was sent. What Node has no call for (extended attributes, exact
// times, device nodes, holes, file flags) comes from libc through koffi; where that cannot be loaded, `missingCapabilities` says what is
// not carried, and callers say it on.
export * from "./account-names.ts";
export * from "./cache-directory.ts";
export * from "./capabilities.ts";
export * from "./data-ranges.ts";
export * from "./directory.ts";
export * from "./extended-attributes.ts";
export * from "./fault.ts";
export * from "./file-flags.ts";
export * from "./file-stat.ts";
export * from "./metadata.ts";
export * from "./sparse-reader.ts";
export * from "./stat-numbers.ts";
