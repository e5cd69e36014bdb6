// `mycloud apply`: definitions in YAML files become what the control plane has. `read-resources.ts` turns text into resources that remember
// file and line, `describe-changes.ts` shows a difference, `apply-command.ts` talks to the control plane.
export * from "./apply-command.ts";
