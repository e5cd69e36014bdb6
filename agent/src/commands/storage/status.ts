import { Command } from "commander";
import { flagsOf, formatAge, printJson, printTable, type Terminal } from "../../command-line/index.ts";
import { formatCount, formatSize } from "../repo/size-text.ts";
import { addStateOption, reporting, storageState } from "./storage-state.ts";

/** `mycloud storage status`, also `repository`. */
export function createStatusVerb(terminal: Terminal): Command {
  const command = new Command("status")
    .alias("repository")
    .description("The repositories: how large, how old the last snapshot, what the scrub found.")
    .argument("[REPOSITORY]", "only this one")
    .option("--json", "print JSON");
  addStateOption(command);
  return command.action(async (repository: string | undefined) => {
    await reporting(async () => {
      const { readStorageStatus } = await import("@mycloud/backup/storage-server");
      const all = await readStorageStatus(storageState(command, terminal).directory, repository);
      if (flagsOf(command).json) {
        return printJson(terminal, all);
      }
      const nowMs = terminal.now();
      await printTable(
        terminal,
        [
          { heading: "REPOSITORY", cell: ({ name }) => name },
          { heading: "SIZE", cell: ({ bytes }) => formatSize(bytes), align: "right" },
          { heading: "SNAPSHOTS", cell: ({ objects }) => formatCount(objects.snapshots), align: "right" },
          { heading: "LAST", cell: ({ lastSnapshotAtMs }) => formatAge(lastSnapshotAtMs, nowMs), align: "right" },
          { heading: "TRASH", cell: ({ trashBytes }) => formatSize(trashBytes), align: "right" },
          {
            heading: "SCRUBBED",
            cell: ({ lastScrub }) => formatAge(lastScrub?.finishedAtMs ?? null, nowMs),
            align: "right",
          },
          { heading: "DAMAGED", cell: ({ wanted }) => formatCount(wanted.length), align: "right" },
        ],
        all,
        "no repository",
      );
    });
  });
}
