import { httpDate, mediaTypeOf } from "../smart-view/index.ts";
import { davHref } from "./dav-address.ts";
import type { DavResource } from "./dav-tree.ts";
import type { PropertyName, Propfind } from "./parse-propfind.ts";
import { xmlText } from "./xml-text.ts";

const dav = "DAV:";

/** Every property a resource has, with its value as XML. Pure. */
function propertiesOf({ segments, isFolder, modifiedAtMs, sizeBytes, etag }: DavResource): ReadonlyMap<string, string> {
  const properties = new Map([
    ["resourcetype", isFolder ? "<d:collection/>" : ""],
    ["displayname", xmlText(segments.at(-1) ?? "backups")],
    ["getlastmodified", httpDate(modifiedAtMs)],
    ["supportedlock", ""],
    ["lockdiscovery", ""],
  ]);
  if (!isFolder) {
    properties.set("getcontentlength", String(sizeBytes ?? 0));
    properties.set("getcontenttype", xmlText(mediaTypeOf(segments.at(-1) ?? "").type));
    if (etag !== null) properties.set("getetag", xmlText(etag));
  }
  return properties;
}

/** One resource of a multistatus answer (RFC 4918 §14.24), with what was asked for of it. Pure. */
export function responseOf(resource: DavResource, propfind: Propfind): string {
  const properties = propertiesOf(resource);
  const href = `<d:href>${xmlText(davHref(resource.segments, resource.isFolder))}</d:href>`;
  return `<d:response>${href}${propstatsOf(properties, propfind)}</d:response>\n`;
}

function propstatsOf(properties: ReadonlyMap<string, string>, propfind: Propfind): string {
  if (propfind.kind === "names")
    return propstat(
      [...properties.keys()].map((name) => `<d:${name}/>`),
      "200 OK",
    );
  if (propfind.kind === "all") return propstat([...properties].map(written), "200 OK");
  const has = ({ namespace, name }: PropertyName) => namespace === dav && properties.has(name);
  const [present, missing] = [propfind.names.filter(has), propfind.names.filter((name) => !has(name))];
  const values = present.map(({ name }) => written([name, properties.get(name) ?? ""]));
  const names = missing.map(({ namespace, name }) =>
    namespace === "" ? `<${name} xmlns=""/>` : `<x:${name} xmlns:x="${xmlText(namespace)}"/>`,
  );
  return (
    (values.length > 0 || names.length === 0 ? propstat(values, "200 OK") : "") +
    (names.length > 0 ? propstat(names, "404 Not Found") : "")
  );
}

function written([name, value]: readonly [string, string]): string {
  return value === "" ? `<d:${name}/>` : `<d:${name}>${value}</d:${name}>`;
}

function propstat(properties: readonly string[], status: string): string {
  return `<d:propstat><d:prop>${properties.join("")}</d:prop><d:status>HTTP/1.1 ${status}</d:status></d:propstat>`;
}

export const multistatusStart = '<?xml version="1.0" encoding="utf-8"?>\n<d:multistatus xmlns:d="DAV:">\n';
export const multistatusEnd = "</d:multistatus>\n";
