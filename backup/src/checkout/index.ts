// Bringing files back as people mean it, on top of the restorer. Three kinds: a checkout writes to where files came from and loses nothing that no
// snapshot has (it has *conflicts*); a rollback makes folders equal to a snapshot, removing what that does not have, and what it changes or removes
// is in a *safety snapshot* first; a restore writes below another directory. Each begins with a plan, made by walking the snapshot beside the
// file system, and what is carried out is that plan: what was changed after it was made is left alone and named.
export * from "./carry-out.ts";
export * from "./choose-paths.ts";
export * from "./plan-restore.ts";
export * from "./restore-plan.ts";
export * from "./safety.ts";
