import { Command } from "commander";
import {
  addExamples,
  CommandError,
  collect,
  flagsOf,
  printJson,
  remark,
  type Terminal,
} from "../../command-line/index.ts";
import { addRepositoryOptions, type RepositoryFlags } from "./repository-options.ts";
import { counted } from "./size-text.ts";
import { addSnapshotOptions, type SnapshotFlags, snapshotFilter, splitTags } from "./snapshot-options.ts";
import { shortId } from "./snapshot-table.ts";
import { withRepository } from "./with-repository.ts";

interface TagFlags extends RepositoryFlags, SnapshotFlags {
  readonly set?: string[];
  readonly add?: string[];
  readonly remove?: string[];
}

/** `mycloud repo tag`. */
export function createTagVerb(terminal: Terminal): Command {
  const command = new Command("tag")
    .description("Change the tags of snapshots; they get new ids.")
    .argument("[SNAPSHOT...]", "only these (default all that --host, --tag and --path leave)")
    .option("--set <TAG,TAG>", 'these tags and no others; "" takes all away', collect)
    .option("--add <TAG,TAG>", "these too", collect)
    .option("--remove <TAG,TAG>", "not these", collect);
  addSnapshotOptions(command);
  addRepositoryOptions(command);
  addExamples(command, [["mycloud repo tag --add monthly latest", "one more tag for the newest"]]);
  return command.action(async (specifiers: string[]) => {
    const flags = flagsOf<TagFlags>(command);
    if (flags.set === undefined && flags.add === undefined && flags.remove === undefined) {
      throw new CommandError("usage", "which tags? Give --add, --remove or --set");
    }
    await withRepository(
      terminal,
      command,
      () => import("@mycloud/backup/tag"),
      async ({ repository, engine, settings }) => {
        const changed = await engine.changeTags(repository, {
          changes: {
            ...(flags.set === undefined ? {} : { set: flags.set.flatMap(splitTags) }),
            add: (flags.add ?? []).flatMap(splitTags),
            remove: (flags.remove ?? []).flatMap(splitTags),
          },
          snapshots: specifiers,
          filter: snapshotFilter(flags),
          retryForMs: settings.retryLockForMs,
          signal: terminal.signal,
        });
        if (settings.isJson) {
          const snapshots = changed.map(({ oldId, newId }) => ({ old_snapshot_id: oldId, new_snapshot_id: newId }));
          return printJson(terminal, { changed_snapshots: changed.length, snapshots });
        }
        if (settings.isQuiet) return;
        for (const { oldId, newId } of changed) await remark(terminal, `${shortId(oldId)} is ${shortId(newId)} now`);
        await remark(terminal, `changed the tags of ${counted(changed.length, "snapshot")}`);
      },
    );
  });
}
