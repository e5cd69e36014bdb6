import { Command } from "commander";
import {
  CommandError,
  commandGroup,
  durationMs,
  flagsOf,
  formatDuration,
  printJson,
  printTable,
  remark,
  type Terminal,
} from "../../command-line/index.ts";
import { confirm } from "../confirm.ts";
import { counted, formatSize } from "../repo/size-text.ts";
import { addStateOption, reporting, storageState } from "./storage-state.ts";

/** `mycloud storage trash list|empty`. */
export function createTrashVerbs(terminal: Terminal): Command {
  return commandGroup("trash", "What clients deleted; it is kept for a while.", [
    trashList(terminal),
    trashEmpty(terminal),
  ]);
}

function trashList(terminal: Terminal): Command {
  const command = new Command("list")
    .description("List what is in the trash, oldest first.")
    .argument("[REPOSITORY]", "only of this one")
    .option("--json", "print JSON");
  addStateOption(command);
  return command.action(async (repository: string | undefined) => {
    await reporting(async () => {
      const { listTrash } = await import("@mycloud/backup/storage-server");
      const objects = await listTrash(storageState(command, terminal).directory, repository);
      if (flagsOf(command).json) return printJson(terminal, objects);
      await printTable(
        terminal,
        [
          { heading: "REPOSITORY", cell: (object) => object.repository },
          { heading: "TYPE", cell: (object) => object.type },
          { heading: "NAME", cell: (object) => object.name.slice(0, 16) },
          { heading: "SIZE", cell: (object) => formatSize(object.sizeBytes), align: "right" },
          { heading: "DELETED", cell: (object) => `${formatDuration(object.ageMs)} ago`, align: "right" },
        ],
        objects,
        "the trash is empty",
      );
    });
  });
}

interface EmptyFlags {
  readonly olderThan?: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

function trashEmpty(terminal: Terminal): Command {
  const command = new Command("empty")
    .description("Delete for good what is in the trash.")
    .argument("[REPOSITORY]", "only of this one")
    .option("--older-than <DURATION>", "only what has been there for longer, e.g. 2d", durationMs)
    .option("--yes", "do not ask")
    .option("--json", "print JSON");
  addStateOption(command);
  return command.action(async (repository: string | undefined) => {
    const flags = flagsOf<EmptyFlags>(command);
    if (!flags.yes && !(await confirm(terminal, "Delete it for good? Nothing brings it back."))) {
      throw new CommandError("failed", "nothing was deleted");
    }
    await reporting(async () => {
      const { emptyTrash } = await import("@mycloud/backup/storage-server");
      const { objects, bytes } = await emptyTrash(storageState(command, terminal).directory, {
        ...(repository === undefined ? {} : { repository }),
        ...(flags.olderThan === undefined ? {} : { olderThanMs: flags.olderThan }),
      });
      if (flags.json) return printJson(terminal, { objects, bytes });
      await remark(terminal, `deleted ${counted(objects, "object")}, ${formatSize(bytes)}`);
    });
  });
}
