import { Command } from "commander";
import { addExamples, collect, flagsOf, printJson, remark, someOf, type Terminal } from "../../command-line/index.ts";
import { counted, formatSize } from "../repo/size-text.ts";
import { addStateOption, reporting, storageState } from "./storage-state.ts";

const types = ["data", "index", "snapshots", "keys", "config", "holds"] as const;

interface UndeleteFlags {
  readonly type?: (typeof types)[number][];
  readonly name?: string[];
  readonly json?: boolean;
}

/** `mycloud storage undelete`. */
export function createUndeleteVerb(terminal: Terminal): Command {
  const command = new Command("undelete")
    .description("Put back what was deleted from a repository, or the whole repository.")
    .argument("<REPOSITORY>", "its name")
    .option("--type <TYPE>", `only these: ${types.join(", ")}`, someOf(types))
    .option("--name <PREFIX>", "only objects whose name begins so; repeatable", collect)
    .option("--json", "print JSON");
  addStateOption(command);
  addExamples(command, [["mycloud storage undelete web1", "everything that was deleted and is still in the trash"]]);
  return command.action(async (repository: string) => {
    const flags = flagsOf<UndeleteFlags>(command);
    await reporting(async () => {
      const { undelete } = await import("@mycloud/backup/storage-server");
      const { objects, bytes } = await undelete(storageState(command, terminal).directory, repository, {
        ...(flags.type === undefined ? {} : { types: flags.type }),
        ...(flags.name === undefined ? {} : { prefixes: flags.name }),
      });
      if (flags.json) return printJson(terminal, { objects, bytes });
      await remark(terminal, `put back ${counted(objects, "object")}, ${formatSize(bytes)}`);
    });
  });
}
