import type { Command } from "commander";
import { CommandError } from "../../command-line/index.ts";
import type { RepositoryFlags } from "./repository-options.ts";

/** The other repository of a command that works with two. */
export interface SourceFlags {
  readonly fromRepo?: string;
  readonly fromRepositoryFile?: string;
  readonly fromPasswordFile?: string;
  readonly fromPasswordCommand?: string;
  readonly fromKeyHint?: string;
}

/** Adds the options that name the other repository. */
export function addSourceOptions(command: Command): Command {
  return command
    .optionsGroup("The other repository:")
    .option("--from-repo <LOCATION>", "where it is (env RESTIC_FROM_REPOSITORY)")
    .option("--from-repository-file <FILE>", "read where it is from this file")
    .option("--from-password-file <FILE>", "its password (env RESTIC_FROM_PASSWORD_FILE)")
    .option("--from-password-command <COMMAND>", "takes its password from what this prints")
    .option("--from-key-hint <ID>", "its key to try first");
}

/** The flags of the other repository, as if it were the only one; what is not about the place is taken over. Throws CommandError. */
export function sourceFlags(
  flags: SourceFlags & RepositoryFlags,
  environment: Readonly<Record<string, string | undefined>>,
): RepositoryFlags {
  const repo = flags.fromRepo ?? (environment.RESTIC_FROM_REPOSITORY || undefined);
  if (repo === undefined && flags.fromRepositoryFile === undefined) {
    throw new CommandError("usage", "which repository to take from? Give --from-repo LOCATION");
  }
  const passwordFile = flags.fromPasswordFile ?? (environment.RESTIC_FROM_PASSWORD_FILE || undefined);
  const {
    repo: _repo,
    repositoryFile: _file,
    passwordFile: _password,
    passwordCommand: _command,
    keyHint: _hint,
    ...rest
  } = flags;
  return {
    ...rest,
    ...(flags.fromRepositoryFile === undefined ? {} : { repositoryFile: flags.fromRepositoryFile }),
    ...(repo === undefined || flags.fromRepositoryFile !== undefined ? {} : { repo }),
    ...(passwordFile === undefined || flags.fromPasswordCommand !== undefined ? {} : { passwordFile }),
    ...(flags.fromPasswordCommand === undefined ? {} : { passwordCommand: flags.fromPasswordCommand }),
    ...(flags.fromKeyHint === undefined ? {} : { keyHint: flags.fromKeyHint }),
  };
}
