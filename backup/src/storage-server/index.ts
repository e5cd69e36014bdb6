// The storage server keeps restic repositories and speaks restic's REST protocol, version 2. `server/` wires the parts; a request goes
// through `request/` (what is asked), `authentication/` (who asks), `capability/` (may they), `object/` (do it); `trash/`, `scrub/`,
// `event/`, `quota/`, `limit/` and `metrics/` keep what is stored safe, bounded and watched; `administration/` is for its own machine.
export * from "./administration/index.ts";
export * from "./capability/index.ts";
export {
  defaultPasswordVerbs,
  listPasswords,
  type PasswordEntry,
  type PasswordRequest,
  removePassword,
  setPassword,
} from "./password-file/index.ts";
export * from "./server/start-storage-server.ts";
export * from "./server/storage-options.ts";
export * from "./server/storage-server-options.ts";
