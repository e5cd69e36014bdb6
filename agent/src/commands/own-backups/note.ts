import { SnapshotNote } from "@mycloud/protocol/machine";
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
import { addMachineOptions, type MachineFlags } from "../../machine-choice/index.ts";
import { chooseSnapshot, formatLocalTime } from "../../snapshot-choice/index.ts";
import { shortId } from "../repo/snapshot-table.ts";
import { openBackups, snapshotPathOf } from "./view-answers.ts";

interface NoteFlags extends MachineFlags {
  readonly label?: string[];
  readonly remove?: boolean;
}

/** `mycloud note SNAPSHOT [TEXT]`. */
export function createNoteCommand(terminal: Terminal): Command {
  const command = new Command("note")
    .description("Write a note to a snapshot; mycloud log and the console show it.")
    .argument("<SNAPSHOT>", "the beginning of an id, latest, latest~1, or a time")
    .argument("[TEXT...]", "the note; the one that was there is replaced")
    .option("--label <LABEL>", "a short label beside it; repeatable, replaces those that were there", collect)
    .option("--remove", "take note and labels away");
  addMachineOptions(command);
  addExamples(command, [["mycloud note latest before the update --label release", ""]]);
  return command.action(async (word: string, texts: string[]) => {
    const flags = flagsOf<NoteFlags>(command);
    const text = texts.join(" ");
    if (!flags.remove && text === "" && flags.label === undefined) {
      throw new CommandError("usage", "what shall it say? give a TEXT, --label LABEL, or --remove");
    }
    const opened = await openBackups(terminal, flags);
    const snapshot = chooseSnapshot(opened.snapshots, word, null, terminal.now());
    const body = flags.remove
      ? { text: "", labels: [] }
      : { text: text === "" ? snapshot.note : text, labels: flags.label ?? snapshot.labels };
    const parsed = SnapshotNote.safeParse(body);
    if (!parsed.success) throw new CommandError("usage", parsed.error.issues[0]?.message ?? "the note is too long");
    await opened.client.request("PUT", `${snapshotPathOf(opened, snapshot.id)}/note`, { body: parsed.data });
    if (flags.json) return printJson(terminal, { snapshotId: snapshot.id, ...parsed.data });
    await remark(terminal, `noted at ${shortId(snapshot.id)} of ${formatLocalTime(snapshot.takenAtMs)}`);
  });
}
