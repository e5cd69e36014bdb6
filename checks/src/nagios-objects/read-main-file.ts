import type { Directive } from "./nagios-object.ts";
import type { FaultSink } from "./place.ts";
import { readLines } from "./read-lines.ts";

/** What nagios.cfg (or shinken.cfg) says. */
export interface MainFile {
  /** Files, directories and resource files with object definitions and macros, in their order. */
  readonly sources: readonly {
    readonly kind: "file" | "directory" | "resource";
    readonly path: string;
    readonly line: number;
  }[];
  readonly settings: ReadonlyMap<string, Directive>;
}

const kinds = { cfg_file: "file", cfg_dir: "directory", resource_file: "resource" } as const;

/** Reads the `name=value` lines of a main file; of a setting written twice the last counts. Other lines are left alone. Pure. */
export function readMainFile(file: string, text: string, faults: FaultSink): MainFile {
  const sources: MainFile["sources"][number][] = [];
  const settings = new Map<string, Directive>();
  for (const { text: said, line } of readLines(file, text, { hasSemicolonComments: false }, faults)) {
    const [, name, value = ""] = /^([A-Za-z0-9_]+)\s*=\s*(.*)$/.exec(said) ?? [];
    if (name === undefined) continue;
    if (name === "cfg_file" || name === "cfg_dir" || name === "resource_file") {
      sources.push({ kind: kinds[name], path: value.trim(), line });
    } else settings.set(name, { name, value: value.trim(), place: { file, line } });
  }
  return { sources, settings };
}

/** Reads `$USER1$=value` lines of a resource file: values by macro name without the dollars. Shinken allows any name. Pure. */
export function readResourceFile(file: string, text: string, faults: FaultSink): Map<string, string> {
  const macros = new Map<string, string>();
  for (const { text: said, line } of readLines(file, text, { hasSemicolonComments: false }, faults)) {
    const [, name, value = ""] = /^\$([A-Za-z0-9_-]+)\$\s*=\s*(.*)$/.exec(said) ?? [];
    if (name === undefined) faults.warn({ file, line }, "is no $NAME$=value line; it is left out");
    else macros.set(name.toUpperCase(), value.trim());
  }
  return macros;
}
