import { posix } from "node:path";
import type { Page } from "./markdown-pages.ts";

/** A link to a file of the repository. `target` is its path from the root; `anchor` a heading in it. */
export interface InternalLink {
  readonly from: string;
  readonly target: string;
  readonly anchor: string | undefined;
}

/** All links and images of a page that stay inside the repository. Pure. */
export function internalLinks({ path, text }: Page): InternalLink[] {
  const links: InternalLink[] = [];
  for (const [, address = ""] of withoutCode(text).matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(address)) continue;
    const [file = "", anchor] = address.split("#");
    const target = file === "" ? path : posix.normalize(posix.join(posix.dirname(path), file));
    links.push({ from: path, target: target.replace(/\/$/, ""), anchor });
  }
  return links;
}

/** The anchors of a page's headings, as GitHub and GitLab make them. Pure. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of withoutFences(text).matchAll(/^#{1,6}\s+(.*?)\s*#*$/gm)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutFences(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, "");
}

function withoutCode(text: string): string {
  return withoutFences(text).replace(/`[^`\n]*`/g, "");
}
