import type { RecipientChange } from "@mycloud/protocol/notification";
import type { ResourceChange } from "@mycloud/protocol/resource";
import { type Paint, printable } from "../../command-line/index.ts";

/**
 * A difference for people: `+` created, `~` updated with each field's values before and after, `-` deleted, and a last line that counts;
 * what is unchanged is counted only. Pure.
 */
export function describeChanges(changes: readonly ResourceChange[], isDryRun: boolean, paint: Paint): string {
  const lines: string[] = [];
  for (const change of changes) {
    const title = `${change.kind} ${printable(change.name)}`;
    if (change.action === "create") lines.push(paint("green", `+ ${title}`));
    if (change.action === "delete") lines.push(paint("red", `- ${title}`));
    if (change.action === "update") {
      lines.push(paint("yellow", `~ ${title}`));
      for (const { field, before, after } of change.fields)
        lines.push(`    ${field}: ${show(before)} -> ${show(after)}`);
    }
  }
  const count = (action: ResourceChange["action"]) => changes.filter((change) => change.action === action).length;
  const verb = isDryRun ? " (dry run, nothing was changed)" : "";
  lines.push(
    `${count("create")} created, ${count("update")} updated, ${count("delete")} deleted, ${count("unchanged")} unchanged${verb}`,
  );
  return `${lines.join("\n")}\n`;
}

/**
 * Who would be told differently, for people: the objects, who is told of them today (`-`), and who then (`+`). Empty when nobody. Pure.
 */
export function describeRecipientChanges(changes: readonly RecipientChange[], paint: Paint): string {
  if (changes.length === 0) return "";
  const lines = ["", "Who would be told differently, were these to go bad now:"];
  for (const { state, objects, objectCount, before, after } of changes) {
    const shown = objects.slice(0, 5).map(printable).join(", ");
    const more = objectCount > 5 ? ` and ${objectCount - 5} more` : "";
    lines.push(`${state} of ${shown}${more}`);
    for (const sentence of before) lines.push(paint("red", `  - ${printable(sentence)}`));
    for (const sentence of after) lines.push(paint("green", `  + ${printable(sentence)}`));
  }
  return `${lines.join("\n")}\n`;
}

function show(value: unknown): string {
  return printable(JSON.stringify(value) ?? "nothing");
}
