// What changed in a host's configuration between the last OK and the problem, told from the host's backups: the two snapshots that lie closest around
// it are compared below the configuration's folders. Lines of text are shown, what looks like a secret is not.
export * from "./create-configuration-changes.ts";
export * from "./tell-in-mail.ts";
