// The commands of `mycloud`, a file each; `registry.ts` lists them. Most ask a control plane through client/ and print a table, or the API's
// own objects with --json. `agent` and `up` have folders of their own; `server` and `check` belong to other workspaces.
export * from "./registry.ts";
