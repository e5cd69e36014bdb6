import type { Perfdatum } from "@mycloud/checks/plugin-api";
import type { MessageFacts } from "./message-facts.ts";

/** The plain text part: complete by itself, for terminals, pagers and people who prefer it. Pure. */
export function renderText(facts: MessageFacts): string {
  const sections = [
    facts.headline,
    facts.lead,
    facts.output,
    facts.longOutput,
    facts.thresholds.map((sentence) => `- ${sentence}`).join("\n"),
    ...facts.background.map(({ title, lines }) => [`${title}:`, ...lines].join("\n")),
    alignedLines(facts.details.map(([name, value]) => [`${name}:`, value])),
    perfdataTable(facts.perfdata),
    facts.link,
    `-- \n${facts.why}`,
  ];
  // Trailing carriage returns of a Windows plugin would make empty lines in some mail programs.
  const text = sections.filter((section) => section !== "").join("\n\n");
  return `${text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[^\P{Cc}\n\t]/gu, "")
    .toWellFormed()}\n`;
}

function perfdataTable(perfdata: readonly Perfdatum[]): string {
  if (perfdata.length === 0) return "";
  const rows = perfdata.map((item) => perfdataCells(item));
  return alignedLines([["label", "value", "warn", "crit"], ...rows]);
}

/** One perfdata item as the cells of a table: label, value with its unit, both thresholds. Pure. */
export function perfdataCells(item: Perfdatum): [string, string, string, string] {
  const value = item.value === null ? "unknown" : `${item.value}${item.unit}`;
  return [item.label, value, item.warn ?? "", item.crit ?? ""];
}

function alignedLines(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
