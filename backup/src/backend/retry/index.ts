// Repeats what failed for a reason that passes: a lost connection, a server that is busy or restarts. Everything a backend does may be
// repeated, since files are named by their content and written once.
export * from "./retry-backend.ts";
