// A backend keeps the files of one repository: a directory (`local/`), or a server that speaks restic's REST protocol (`rest/`).
// Files are written once under a name that is the SHA-256 of their content (`config` has no name), and never changed.
export * from "./backend.ts";
export * from "./open-backend.ts";
export type { ReadCredentials, RestCredentials } from "./rest/credentials.ts";
