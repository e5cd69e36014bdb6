import type { DumpOptions } from "@mycloud/backup/dump";
import { Command } from "commander";
import { addExamples, CommandError, flagsOf, oneOf, resolveFrom, type Terminal } from "../../command-line/index.ts";
import { outputFile, outputStream } from "./dump-output.ts";
import { pathArgument } from "./path-argument.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { underSharedLock, withRepository } from "./with-repository.ts";

const archives = ["tar", "zip"] as const;

interface DumpFlags extends RepositoryFlags, SnapshotFlags {
  readonly archive?: (typeof archives)[number];
  readonly target?: string;
  readonly range?: string;
}

/** `mycloud repo dump`. */
export function createDumpVerb(terminal: Terminal): Command {
  const command = new Command("dump")
    .description("Write a file of a snapshot, or a directory as an archive, to standard output.")
    .argument("<SNAPSHOT>", "an id, its beginning, or latest; ID:PATH begins at that directory")
    .argument("<PATH>", "the file or directory; / is everything")
    .option("-a, --archive <FORMAT>", "of directories: tar or zip (default tar)", oneOf(archives))
    .option("-t, --target <FILE>", "write to this file instead")
    .option("--range <OFFSET:LENGTH>", "only these bytes of a file");
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo dump latest /etc/fstab", "one file"],
    ["mycloud repo dump latest /srv/www -a zip -t www.zip", "a directory as a zip file"],
    ["mycloud repo dump latest /stdin | mariadb", "a database dump, straight back"],
  ]);
  return command.action(async (specifier: string, typed: string) => {
    const flags = flagsOf<DumpFlags>(command);
    if (flags.target === undefined && terminal.stdout.isTTY === true && flags.archive !== undefined) {
      throw new CommandError(
        "usage",
        "an archive is not for a terminal; write it to a file with --target FILE, or pipe it",
      );
    }
    const range = flags.range === undefined ? {} : { range: rangeOf(flags.range) };
    await withRepository(terminal, command, loadEngine, async (opened) => {
      const { repository, engine, settings, display } = opened;
      const summary = await underSharedLock(terminal, opened, async (signal) => {
        const filter = snapshotFilter(flags);
        const { snapshot, path } = await engine.snapshot.resolveSnapshot(repository, specifier, filter, signal);
        await repository.loadIndex(signal);
        const wanted = pathArgument(typed);
        const options: DumpOptions = {
          snapshot,
          path: path === "" ? wanted : engine.bytes.joinBytes(path, "/", wanted),
          format: flags.archive ?? "auto",
          ...range,
          signal,
          ...(flags.target === undefined ? {} : { onProgress: display.onProgress }),
        };
        const output =
          flags.target === undefined
            ? outputStream(terminal.stdout)
            : outputFile(resolveFrom(terminal.workingDirectory, flags.target));
        return engine.dump.dump(repository, options, output);
      });
      display.end();
      if (settings.isQuiet) return;
      const [first, ...others] = summary.omitted;
      if (first === undefined) return;
      display.note(`mycloud: an archive cannot hold ${first}${others.length > 0 ? ` and ${others.length} more` : ""}`);
    });
  });
}

async function loadEngine() {
  const [dump, snapshot, bytes] = await Promise.all([
    import("@mycloud/backup/dump"),
    import("@mycloud/backup/snapshot"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { dump, snapshot, bytes };
}

function rangeOf(text: string): { readonly offset: number; readonly length: number } {
  const [, offset, length] = /^(\d+):(\d+)$/.exec(text) ?? [];
  if (offset !== undefined && length !== undefined) return { offset: Number(offset), length: Number(length) };
  throw new CommandError("usage", `--range is "${text}"; write OFFSET:LENGTH in bytes, e.g. 0:4096`);
}
