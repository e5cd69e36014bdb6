import { Command } from "commander";
import { addExamples, flagsOf, printJson, remark, type Terminal, wholeNumber } from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { firstPassword, repositoryPassword } from "./repository-password.ts";
import { addSourceOptions, type SourceFlags, sourceFlags } from "./source-repository.ts";
import { openAt, withBackend } from "./with-repository.ts";

interface InitFlags extends RepositoryFlags, SourceFlags {
  readonly repositoryVersion?: 1 | 2;
  readonly copyChunkerParams?: boolean;
}

/** `mycloud repo init`. */
export function createInitVerb(terminal: Terminal): Command {
  const command = new Command("init")
    .description("Make a new repository.")
    .option(
      "--repository-version <N>",
      "of the format; 1 is without compression, for very old programs (default 2)",
      wholeNumber(1, 2),
    )
    .option(
      "--copy-chunker-params",
      "cut files as the --from-repo does, so that copies between the two share their data",
    );
  addSourceOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo init -r /srv/backup", "in a directory"],
    ["mycloud repo init -r rest:http://127.0.0.1:8081/web1/", "on a storage server"],
  ]);
  return command.action(async () => {
    const flags = flagsOf<InitFlags>(command);
    await withBackend(terminal, flags, async ({ backend, settings }) => {
      const password = await firstPassword(terminal, flags);
      const { initRepository } = await import("@mycloud/backup/repository");
      const copyChunkerFrom = flags.copyChunkerParams ? await configOf(terminal, flags) : undefined;
      const repository = await initRepository(backend, {
        password,
        version: flags.repositoryVersion ?? 2,
        ...(copyChunkerFrom === undefined ? {} : { copyChunkerFrom }),
        now: terminal.now,
        signal: terminal.signal,
      });
      const { id } = repository.config;
      await repository.close();
      if (settings.isJson) {
        await printJson(terminal, { message_type: "initialized", id, repository: backend.location });
      } else if (!settings.isQuiet) {
        await remark(terminal, `made repository ${id.slice(0, 10)} at ${backend.location}`);
        await remark(terminal, "Keep the password: without it nothing in the repository can ever be read again.");
      }
    });
  });
}

async function configOf(terminal: Terminal, flags: InitFlags) {
  const from = sourceFlags(flags, terminal.environment);
  return withBackend(terminal, from, async (opened) => {
    const repository = await openAt(terminal, opened, await repositoryPassword(terminal, from));
    const { config } = repository;
    await repository.close();
    return config;
  });
}
