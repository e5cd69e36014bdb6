import { Command } from "commander";
import { addExamples, flagsOf, printJson, remark, type Terminal } from "../../command-line/index.ts";
import { asCommandError } from "./backup-failure.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { repositoryPassword } from "./repository-password.ts";
import { counted, formatSize } from "./size-text.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter } from "./snapshot-options.ts";
import { shortId } from "./snapshot-table.ts";
import { addSourceOptions, type SourceFlags, sourceFlags } from "./source-repository.ts";
import { openAt, withBackend, withRepository } from "./with-repository.ts";

interface CopyFlags extends RepositoryFlags, SourceFlags, SnapshotFlags {}

/** `mycloud repo copy`. */
export function createCopyVerb(terminal: Terminal): Command {
  const command = new Command("copy")
    .description("Copy snapshots from another repository into this one; what is here already is not copied again.")
    .argument("[SNAPSHOT...]", "only these of the other repository (default all)");
  addSourceOptions(command);
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    [
      "mycloud repo copy -r /mnt/usb/backup --from-repo /srv/backup latest",
      "the newest one, to a disk that is taken away",
    ],
  ]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<CopyFlags>(command);
    const from = sourceFlags(flags, terminal.environment);
    await withRepository(
      terminal,
      command,
      () => import("@mycloud/backup/copy"),
      async (opened) => {
        const { repository, engine, settings, display } = opened;
        const result = await withBackend(terminal, from, async (source) => {
          const other = await openAt(terminal, source, await repositoryPassword(terminal, from));
          try {
            return await engine.copySnapshots(other, repository, {
              snapshots: specifiers,
              filter: snapshotFilter(flags),
              retryForMs: settings.retryLockForMs,
              nowMs: terminal.now,
              onProgress: display.onProgress,
              signal: terminal.signal,
            });
          } catch (error) {
            throw asCommandError(error);
          } finally {
            await other.close();
          }
        });
        display.end();
        if (settings.isJson) {
          return printJson(terminal, {
            copied: result.copied.map(({ id, newId }) => ({ id, new_id: newId })),
            skipped: result.skipped.map(({ id, copyId }) => ({ id, copy_id: copyId })),
            blobs: result.blobs,
            packed_bytes: result.packedBytes,
          });
        }
        if (settings.isQuiet) return;
        for (const { id, newId } of result.copied) await remark(terminal, `${shortId(id)} copied as ${shortId(newId)}`);
        if (result.skipped.length > 0)
          await remark(terminal, `${counted(result.skipped.length, "snapshot")} here already`);
        await remark(
          terminal,
          `copied ${counted(result.copied.length, "snapshot")}: ${counted(result.blobs, "blob")}, ${formatSize(result.packedBytes)}`,
        );
      },
    );
  });
}
