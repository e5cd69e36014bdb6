// `mycloud repo`: the backup engine alone, for anyone with a repository and a password. A file for each verb; each loads its part of the
// engine when it runs, while the password is being stretched (scrypt), so that a command on a warm machine starts in a tenth of a second.
//
// Options that restic has keep restic's names, environment variables and meaning; `--json` has restic's shapes with fields added.
export * from "./repo-command.ts";
