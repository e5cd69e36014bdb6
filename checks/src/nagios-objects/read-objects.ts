import { limits } from "./limits.ts";
import type { Directive, WrittenObject } from "./nagios-object.ts";
import type { FaultSink, Place } from "./place.ts";
import { readLines } from "./read-lines.ts";

/** What an object file holds. */
export interface ObjectFile {
  readonly objects: readonly WrittenObject[];
  /** Files and directories it pulls in (`include_file=`, `include_dir=`, and Shinken's `cfg_file=`, `cfg_dir=`). */
  readonly includes: readonly { readonly kind: "file" | "directory"; readonly path: string; readonly line: number }[];
}

const includeForm = /^(?:include|cfg)_(file|dir)\s*=\s*(.+)$/;
const defineForm = /^define\s+([A-Za-z_][A-Za-z0-9_]*)\s*(\{?)\s*(.*)$/;

/**
 * Reads the definitions of one object file. `main` lets other lines pass, since Shinken's main file has definitions between its settings.
 * Never throws; what cannot be read is a fault with its line. Pure.
 */
export function readObjects(
  file: string,
  text: string,
  faults: FaultSink,
  { isMainFile = false }: { readonly isMainFile?: boolean } = {},
): ObjectFile {
  const objects: WrittenObject[] = [];
  const includes: ObjectFile["includes"][number][] = [];
  let open: OpenObject | null = null;
  for (const { text: said, line } of readLines(file, text, { hasSemicolonComments: true }, faults)) {
    const place = { file, line };
    const [, type, , rest = ""] = defineForm.exec(said) ?? [];
    if (open !== null && said.startsWith("}")) {
      if (objects.length >= limits.objects) {
        faults.error(place, `more than ${limits.objects} definitions; the rest is left out`);
        break;
      }
      objects.push(open);
      open = null;
    } else if (type !== undefined && (open === null || said.endsWith("{"))) {
      if (open !== null) faults.error(open.place, `definition of ${open.type} has no }; it is left out`);
      refuseRest(rest, place, faults);
      open = { type, place, directives: [] };
    } else if (open !== null) {
      const directive = readDirective(said, place, faults);
      if (directive !== null) open.directives.push(directive);
    } else if (!isMainFile && said !== "{") readInclude(said, place, includes, faults);
  }
  if (open !== null) faults.error(open.place, `definition of ${open.type} has no }; it is left out`);
  return { objects, includes };
}

interface OpenObject {
  readonly type: string;
  readonly place: Place;
  readonly directives: Directive[];
}

function refuseRest(rest: string, place: Place, faults: FaultSink): void {
  if (rest === "") return;
  faults.error(place, `"${rest.slice(0, 40)}" follows the {; write each directive on its own line`);
}

function readInclude(said: string, place: Place, includes: ObjectFile["includes"][number][], faults: FaultSink): void {
  const [, kind, path] = includeForm.exec(said) ?? [];
  if (path === undefined) faults.error(place, `"${said.slice(0, 60)}" is neither a definition nor inside one`);
  else includes.push({ kind: kind === "dir" ? "directory" : "file", path: path.trim(), line: place.line });
}

function readDirective(said: string, place: Directive["place"], faults: FaultSink): Directive | null {
  const [, name = "", value = ""] = /^(\S+)\s*([\s\S]*)$/.exec(said) ?? [];
  if (value === "" && !name.startsWith("_")) {
    faults.warn(place, `${name} has no value; it is left out`);
    return null;
  }
  return { name, value, place };
}
