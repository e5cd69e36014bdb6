import { optionLabel, type PluginOption, STANDARD_OPTIONS } from "./option.ts";
import type { Plugin } from "./plugin.ts";

const COLUMN = 34;
const WIDTH = 100;
const RANGE_NOTE =
  "A RANGE is [@][START:]END; the check alerts outside START..END, or inside with @. 10 is 0..10, 10: is 10 or more.";

/** The text of `mycloud check NAME --help`. */
export function formatHelp(plugin: Plugin): string {
  const command = `mycloud check ${plugin.name}`;
  const operands = plugin.operands === undefined ? "" : ` ${plugin.operands.usage}`;
  const sections = [
    `${command}: ${plugin.summary}.`,
    `Usage: ${command} [OPTION...]${operands}`,
    ...(plugin.operands === undefined ? [] : [wrap(plugin.operands.description, 0)]),
    ...(plugin.options.length === 0 ? [] : [`Options:\n${plugin.options.map(formatOption).join("\n")}`]),
    `Options of every check:\n${STANDARD_OPTIONS.map(formatOption).join("\n")}`,
    ...(plugin.notes === undefined ? [] : [wrap(plugin.notes, 0)]),
    ...(plugin.options.some((option) => option.value?.includes("RANGE")) ? [RANGE_NOTE] : []),
    `Examples:\n${plugin.examples.map((example) => `  ${command} ${example.arguments}\n      ${example.description}`).join("\n")}`,
    "Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (also for options that cannot be understood).",
  ];
  return sections.join("\n\n");
}

function formatOption(option: PluginOption): string {
  const label = option.letter === undefined ? `    --${option.name}` : `-${option.letter}, --${option.name}`;
  const value = option.value === undefined ? "" : option.isValueOptional ? `[=${option.value}]` : ` ${option.value}`;
  const head = `  ${label}${value}`;
  const remarks = [
    ...(option.choices === undefined ? [] : [`one of ${option.choices.join(", ")}`]),
    ...(option.default === undefined ? [] : [`default ${option.default}`]),
    ...(option.isRepeatable ? ["repeatable"] : []),
  ];
  const text = option.description + (remarks.length === 0 ? "" : ` (${remarks.join("; ")})`);
  const start = head.length < COLUMN - 1 ? head.padEnd(COLUMN) : `${head}\n${" ".repeat(COLUMN)}`;
  return start + wrap(text, COLUMN);
}

function wrap(text: string, indent: number): string {
  return text
    .split("\n")
    .map((paragraph) => wrapParagraph(paragraph, indent))
    .join(`\n${" ".repeat(indent)}`);
}

function wrapParagraph(paragraph: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of paragraph.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.join(`\n${" ".repeat(indent)}`);
}

/** The options of a plugin as the READMEs and the console list them: label, value, description. */
export function optionSynopsis(option: PluginOption): string {
  return option.value === undefined ? optionLabel(option) : `${optionLabel(option)} ${option.value}`;
}
