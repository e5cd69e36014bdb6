import type { StructuredDataElement } from "./syslog-message.ts";

export interface FoundStructuredData {
  readonly elements: readonly StructuredDataElement[];
  /** Where what follows begins. */
  readonly end: number;
}

const maximumElements = 64;
const maximumParams = 256;

/**
 * Reads STRUCTURED-DATA (RFC 5424 §6.3) at a place of a text: `-`, or elements with nothing between them. A `]` within a value is taken without a
 * backslash too. Null for what is none. Pure.
 */
export function readStructuredData(text: string, start: number): FoundStructuredData | null {
  if (text[start] === "-") return { elements: [], end: start + 1 };
  const elements: StructuredDataElement[] = [];
  let at = start;
  while (text[at] === "[") {
    if (elements.length === maximumElements) return null;
    const id = nameAt(text, at + 1);
    if (id === "") return null;
    at += 1 + id.length;
    const params: [string, string][] = [];
    while (text[at] === " ") {
      const param = readParam(text, at + 1);
      if (param === null || params.length === maximumParams) return null;
      params.push([param.name, param.value]);
      at = param.end;
    }
    if (text[at] !== "]") return null;
    at += 1;
    elements.push({ id, params });
  }
  return elements.length === 0 ? null : { elements, end: at };
}

function readParam(
  text: string,
  start: number,
): { readonly name: string; readonly value: string; readonly end: number } | null {
  const name = nameAt(text, start);
  let at = start + name.length;
  if (name === "" || text[at] !== "=" || text[at + 1] !== '"') return null;
  at += 2;
  const from = at;
  for (; at < text.length; at += 1) {
    if (text[at] === '"') return { name, value: withoutEscapes(text.slice(from, at)), end: at + 1 };
    if (text[at] === "\\") at += 1;
  }
  return null;
}

/** A backslash before anything else is itself (§6.3.3). */
function withoutEscapes(value: string): string {
  return value.includes("\\") ? value.replace(/\\(["\\\]])/g, "$1") : value;
}

function nameAt(text: string, start: number): string {
  let at = start;
  for (; at < text.length && at - start < 256; at += 1) {
    const code = text.charCodeAt(at);
    // Printable US-ASCII without `=`, space, `]` and `"`.
    if (code <= 0x20 || code >= 0x7f || code === 0x3d || code === 0x5d || code === 0x22) break;
  }
  return text.slice(start, at);
}

/** STRUCTURED-DATA of elements; `-` of none. Names are made of what names may have. Pure. */
export function formatStructuredData(elements: readonly StructuredDataElement[]): string {
  if (elements.length === 0) return "-";
  return elements
    .map(({ id, params }) => {
      const list = params.map(([name, value]) => ` ${sdName(name)}="${value.replace(/["\\\]]/g, "\\$&")}"`);
      return `[${sdName(id)}${list.join("")}]`;
    })
    .join("");
}

function sdName(name: string): string {
  const cleaned = name.replace(/[^\x21-\x7e]|[="\]]/g, "_").slice(0, 32);
  return cleaned === "" ? "_" : cleaned;
}
