// What a person does with the backups of their own machines, in git's words: sync, log, ls, find, diff, checkout, rollback, restore, download, hold.
// Every verb asks the control plane alone and needs no operator's rights; which machine, repository, snapshot and path are meant is found out in
// machine-choice/ and snapshot-choice/. Each is loaded by itself from registry.ts.
export * from "./format-plan.ts";
export * from "./restore-flow.ts";
export * from "./view-answers.ts";
