import type { EntryChange, TextDiff } from "@mycloud/protocol/snapshot-view";
import { type Paint, printable, type Style } from "../../command-line/index.ts";
import { formatCount, formatSize } from "../repo/size-text.ts";

const signs = {
  added: { sign: "+", style: "green" },
  removed: { sign: "-", style: "red" },
  modified: { sign: "~", style: "yellow" },
  type: { sign: "t", style: "yellow" },
  metadata: { sign: "m", style: "dim" },
} as const satisfies Record<EntryChange["change"], { sign: string; style: Style }>;

/** `~ /srv/www/index.html  1.2 KiB -> 1.4 KiB`. Pure. */
export function formatChange({ change, path, type, fromBytes, toBytes }: EntryChange, paint: Paint): string {
  const { sign, style } = signs[change];
  const name = printable(type === "dir" ? `${path}/` : path);
  return `${paint(style, `${sign} ${name}`)}${sizes(fromBytes, toBytes)}`;
}

function sizes(fromBytes: number | null, toBytes: number | null): string {
  if (fromBytes !== null && toBytes !== null) {
    return fromBytes === toBytes ? `  ${formatSize(toBytes)}` : `  ${formatSize(fromBytes)} -> ${formatSize(toBytes)}`;
  }
  const bytes = fromBytes ?? toBytes;
  return bytes === null ? "" : `  ${formatSize(bytes)}`;
}

/** `2 added (1.2 KiB), 1 removed (4 B), 3 changed`; `nothing changed`. Pure. */
export function describeChanges(changes: readonly EntryChange[]): string {
  const of = (kind: EntryChange["change"]) => changes.filter(({ change }) => change === kind);
  const bytes = (list: readonly EntryChange[]) =>
    formatSize(list.reduce((sum, { fromBytes, toBytes }) => sum + (toBytes ?? fromBytes ?? 0), 0));
  const [added, removed] = [of("added"), of("removed")];
  const changed = of("modified").length + of("type").length;
  const metadata = of("metadata").length;
  const parts = [
    ...(added.length > 0 ? [`${formatCount(added.length)} added (${bytes(added)})`] : []),
    ...(removed.length > 0 ? [`${formatCount(removed.length)} removed (${bytes(removed)})`] : []),
    ...(changed > 0 ? [`${formatCount(changed)} changed`] : []),
    ...(metadata > 0 ? [`${formatCount(metadata)} in metadata alone`] : []),
  ];
  return parts.length === 0 ? "nothing changed" : parts.join(", ");
}

/** A unified diff, as `diff -u` writes it; control characters of the text but tabs are shown as spaces, so that it cannot steer a terminal. Pure. */
export function formatTextDiff(
  { hunks }: TextDiff,
  names: { readonly from: string; readonly to: string },
  paint: Paint,
): string {
  const lines = [paint("bold", `--- ${names.from}`), paint("bold", `+++ ${names.to}`)];
  for (const { fromLine, fromLines, toLine, toLines, lines: texts } of hunks) {
    lines.push(paint("cyan", `@@ -${range(fromLine, fromLines)} +${range(toLine, toLines)} @@`));
    for (const text of texts) {
      const shown = text.split("\t").map(printable).join("\t");
      lines.push(text.startsWith("+") ? paint("green", shown) : text.startsWith("-") ? paint("red", shown) : shown);
    }
  }
  return `${lines.join("\n")}\n`;
}

function range(line: number, count: number): string {
  return count === 1 ? String(line) : `${line},${count}`;
}
