import { ResourceDefinition } from "@mycloud/protocol/resource";
import { Composer, type Document, isMap, LineCounter, Parser } from "yaml";

/** One resource as written, and where. */
export interface ReadResource {
  readonly value: unknown;
  readonly file: string;
  readonly line: number;
}

/** A fault in a file: `checks.yaml:12: ...`. */
export interface FileFault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * Reads the YAML documents of one file: every resource with its line, and every fault there is, not only the first. A document may be one
 * resource or a list of them; empty documents are skipped. Pure.
 */
export function readResources(file: string, text: string): { resources: ReadResource[]; faults: FileFault[] } {
  const lines = new LineCounter();
  const resources: ReadResource[] = [];
  const faults: FileFault[] = [];
  // One document after the other: the trees of a hundred thousand would not fit.
  const composer = new Composer({ prettyErrors: false });
  for (const document of composer.compose(new Parser(lines.addNewLine).parse(text))) {
    for (const error of document.errors) {
      faults.push({ file, line: lines.linePos(error.pos[0]).line, message: error.message });
    }
    if (document.errors.length > 0 || document.contents === null) continue;
    const value: unknown = document.toJS();
    const items = Array.isArray(value) ? value : [value];
    items.forEach((item: unknown, at) => {
      if (item === null) return;
      const path = Array.isArray(value) ? [at] : [];
      resources.push({ value: item, file, line: lineOf(document, path, lines) });
      faults.push(...findFaults(item, (field) => ({ file, line: lineOf(document, [...path, ...field], lines) })));
    });
  }
  return { resources, faults };
}

type Path = readonly (string | number)[];

/** Every fault the schema finds in one resource, with the place of the field. */
function findFaults(item: unknown, place: (field: Path) => { file: string; line: number }): FileFault[] {
  const parsed = ResourceDefinition.safeParse(item);
  // What a definition has from templates is known to the control plane only.
  if (parsed.success || (typeof item === "object" && item !== null && "uses" in item)) return [];
  return parsed.error.issues.map((issue) => {
    const path = issue.path.filter((part) => typeof part !== "symbol");
    const keys = issue.code === "unrecognized_keys" ? issue.keys : [];
    const name = [...path, ...(keys.length === 1 ? keys : [])].join(".");
    const message =
      keys.length > 0 ? `unknown ${keys.length === 1 ? "field" : `fields ${keys.join(", ")}`}` : issue.message;
    const subject = `${name}${keys.length > 0 ? "" : seen(item, path)}`;
    return { ...place([...path, ...keys.slice(0, 1)]), message: name === "" ? message : `${subject}: ${message}` };
  });
}

/** ` is "5s"`, for a single value that is there; nothing for lists and objects, which the line shows better. */
function seen(item: unknown, path: Path): string {
  let value = item;
  for (const step of path) {
    if (typeof value !== "object" || value === null) return "";
    value = Reflect.get(value, step);
  }
  if (value === undefined || typeof value === "object") return "";
  return ` is ${JSON.stringify(value).slice(0, 100)}`;
}

/** The line of the deepest existing part of a path. */
function lineOf(document: Document.Parsed, path: Path, lines: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(key));
      const range = rangeOf(pair?.key);
      if (range !== undefined) return lines.linePos(range).line;
    } else {
      const range = rangeOf(document.getIn(path.slice(0, length), true));
      if (range !== undefined) return lines.linePos(range).line;
    }
  }
  return lines.linePos(document.contents?.range[0] ?? 0).line;
}

function rangeOf(node: unknown): number | undefined {
  if (typeof node !== "object" || node === null || !("range" in node) || !Array.isArray(node.range)) return undefined;
  const [start]: unknown[] = node.range;
  return typeof start === "number" ? start : undefined;
}
