import { Command } from "commander";
import { addExamples, CommandError, flagsOf, remark, type Terminal } from "../../command-line/index.ts";
import { addBackupOptions, type BackupFlags, backupOptions } from "./backup-options.ts";
import { describeBackup, summaryMessage } from "./backup-report.ts";
import { itemErrorMessage, showItemError } from "./item-error.ts";
import { addRepositoryOptions } from "./repository-options.ts";
import { counted, formatSize } from "./size-text.ts";
import { withRepository } from "./with-repository.ts";

/** `mycloud repo backup`. */
export function createBackupVerb(terminal: Terminal): Command {
  const command = new Command("backup")
    .description("Back up files and directories, standard input, or what a command prints.")
    .argument("[PATH...]", "what to back up; with --stdin-from-command the command and its arguments");
  addBackupOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [
    ["mycloud repo backup /etc /home", "two directories"],
    ["mycloud repo backup / -x --exclude-caches --tag daily", "one file system, without caches"],
    ["mycloud repo backup --stdin-from-command -- mariadb-dump --all-databases", "a dump; no snapshot if it fails"],
  ]);
  return command.action(async (paths: string[]) => {
    const flags = flagsOf<BackupFlags>(command);
    await withRepository(
      terminal,
      command,
      async (opening) => {
        const engine = await loadEngine();
        const options = await backupOptions(terminal, flags, paths, engine);
        const ahead = engine.archiver.lookAhead(options);
        opening.finally(() => ahead.stop()).catch(() => undefined);
        return { ...engine, options: { ...options, lookAhead: ahead } };
      },
      async ({ repository, engine, settings, display }) => {
        const { isQuiet, isVerbose, isJson } = settings;
        const tellItems = isVerbose && !isQuiet;
        try {
          const summary = await engine.archiver.backUp(repository, {
            ...engine.options,
            retryLockForMs: settings.retryLockForMs,
            ...(display.isShown ? { onProgress: display.onProgress } : {}),
            onItemError: (error) => display.note(isJson ? itemErrorMessage(error) : showItemError(error)),
            ...(tellItems
              ? {
                  onItem: (item) => {
                    if (item.action === "unchanged") return;
                    const path = engine.bytes.displayText(item.path);
                    if (isJson) {
                      const message = { message_type: "verbose_status", action: item.action, item: path };
                      terminal.stdout.write(`${JSON.stringify({ ...message, data_size: item.sizeBytes })}\n`);
                    } else {
                      const size = item.isDirectory ? "" : `, ${formatSize(item.sizeBytes)}`;
                      display.note(`${item.action.padEnd(7)}  ${path}${size}`);
                    }
                  },
                }
              : {}),
            signal: terminal.signal,
          });
          display.end();
          const isDryRun = flags.dryRun === true;
          if (isJson) terminal.stdout.write(`${JSON.stringify(summaryMessage(summary, isDryRun))}\n`);
          else if (!isQuiet) terminal.stdout.write(describeBackup(summary, isDryRun));
          if (summary.isIncomplete) {
            throw new CommandError(
              "incomplete",
              `${counted(summary.errorCount, "entry", "entries")} could not be read or carried whole; the snapshot has the rest`,
            );
          }
        } catch (error) {
          if (terminal.signal.aborted && !isQuiet && !isJson) {
            display.end();
            await remark(
              terminal,
              "interrupted; no snapshot was made. What was uploaded is kept: the next backup goes on from there.",
            );
          }
          throw error;
        }
      },
      { hasJsonStatus: true },
    );
  });
}

async function loadEngine() {
  const [archiver, pattern, bytes] = await Promise.all([
    import("@mycloud/backup/archiver"),
    import("@mycloud/backup/pattern"),
    import("@mycloud/backup/byte-string"),
  ]);
  return { archiver, pattern, bytes };
}
