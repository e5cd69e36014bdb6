import { InputError } from "../error/index.ts";

export interface PropertyName {
  readonly namespace: string;
  readonly name: string;
}

/** What a PROPFIND asks for: all there is, only the names of it, or these. */
export type Propfind =
  | { readonly kind: "all" }
  | { readonly kind: "names" }
  | { readonly kind: "some"; readonly names: readonly PropertyName[] };

export const maximumPropfindBytes = 64 * 1024;
const maximumProperties = 200;
const maximumDepth = 8;
const dav = "DAV:";

interface Element {
  readonly tag: string;
  readonly namespaces: ReadonlyMap<string, string>;
  readonly name: PropertyName;
}

const declaration = /<\?[^?]*(?:\?(?!>)[^?]*)*\?>/y;
const comment = /<!--[^-]*(?:-(?!-)[^-]*)*-->/y;
const opening = /<([A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)/y;
const attribute = /\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*(\/?)>/y;
const closing = /<\/([A-Za-z_][\w.:-]*)\s*>/y;
const text = /[^<]+/y;

/**
 * Recognises the body of a PROPFIND (RFC 4918 §14.20), and nothing but that: no document type, so no entities of its own or from elsewhere; no more
 * elements, no deeper than any client has need of. An empty body asks for all. Throws InputError. Pure.
 */
export function parsePropfind(body: string): Propfind {
  if (body.trim() === "") return { kind: "all" };
  const open: Element[] = [];
  const names: PropertyName[] = [];
  let found: Propfind["kind"] | null = null;
  let isRootSeen = false;
  let at = body.startsWith("\ufeff") ? 1 : 0;

  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at;
    const match = pattern.exec(body);
    if (match !== null) at = pattern.lastIndex;
    return match;
  }

  function begin(tag: string): void {
    if (open.length >= maximumDepth) throw refused("is nested too deeply");
    const element = { tag, ...readAttributes(tag) };
    note(element.name);
    const end = take(tagEnd);
    if (end === null) throw refused("has a tag without an end");
    if (end[1] === "") open.push(element);
  }

  function note(name: PropertyName): void {
    if (open.length === 0) {
      if (isRootSeen) throw refused("has more than one root");
      if (!isDav(name, "propfind")) throw refused("is no propfind of the namespace DAV:");
      isRootSeen = true;
    } else if (open.length === 1) {
      if (isDav(name, "allprop")) found ??= "all";
      if (isDav(name, "propname")) found ??= "names";
      if (isDav(name, "prop")) found ??= "some";
    } else if (open.length === 2 && isDav(open[1]?.name, "prop")) {
      if (names.length >= maximumProperties) throw refused(`asks for more than ${maximumProperties} properties`);
      names.push(name);
    }
  }

  function readAttributes(tag: string): Pick<Element, "namespaces" | "name"> {
    const namespaces = new Map(open.at(-1)?.namespaces);
    for (let match = take(attribute); match !== null; match = take(attribute)) {
      const [, key = "", doubly, singly] = match;
      const value = plainText(doubly ?? singly ?? "");
      if (key === "xmlns") namespaces.set("", value);
      else if (key.startsWith("xmlns:")) namespaces.set(key.slice(6), value);
    }
    const [prefix, name] = tag.includes(":") ? tag.split(":") : ["", tag];
    const namespace = namespaces.get(prefix ?? "");
    if (namespace === undefined && prefix !== "")
      throw refused(`uses the prefix ${prefix} and does not say what it is`);
    return { namespaces, name: { namespace: namespace ?? "", name: name ?? "" } };
  }

  while (at < body.length) {
    if (body.startsWith("<!", at) && !body.startsWith("<!--", at)) {
      throw refused("has a document type or a section of raw text; entities are not taken");
    }
    if (take(comment) !== null || take(declaration) !== null) continue;
    const end = take(closing);
    if (end !== null) {
      if (open.pop()?.tag !== end[1]) throw refused("has an end without its beginning");
      continue;
    }
    const start = take(opening);
    if (start !== null) begin(start[1] ?? "");
    else if (take(text) === null) throw refused("is no XML");
  }
  if (open.length > 0 || !isRootSeen) throw refused("ends too early");
  return found === "some" ? { kind: "some", names } : { kind: found ?? "all" };
}

function isDav(name: PropertyName | undefined, wanted: string): boolean {
  return name?.namespace === dav && name.name === wanted;
}

const known: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plainText(value: string): string {
  return value.replace(/&([^;]{0,10});?/g, (_all, name: string) => {
    const character = Object.hasOwn(known, name) ? known[name] : undefined;
    if (character === undefined) throw refused("uses an entity");
    return character;
  });
}

function refused(why: string): InputError {
  return new InputError(`the body of this PROPFIND ${why}`);
}
