import type { ViewRequest } from "@mycloud/protocol/snapshot-view";
import { displayText } from "../byte-string/index.ts";
import { instantNs, type Node } from "../tree/index.ts";

/** How a page of a folder was asked for. */
export type PageOf = Pick<
  Extract<ViewRequest, { kind: "folder" }>,
  "sort" | "order" | "nameContains" | "offset" | "limit"
>;

/**
 * One page of a folder's nodes, which come in the order of their names' bytes, and how many there are in all. Folders come first whatever the order;
 * what is equal is in the order of names. Pure.
 */
export function folderPage(
  nodes: readonly Node[],
  page: PageOf,
): { readonly nodes: readonly Node[]; readonly total: number } {
  const wanted = folded(page.nameContains);
  const kept = wanted === "" ? nodes : nodes.filter(({ name }) => folded(displayText(name)).includes(wanted));
  const folders = kept.filter(({ type }) => type === "dir");
  const others = kept.filter(({ type }) => type !== "dir");
  const sorted = [...inOrder(folders, page), ...inOrder(others, page)];
  return { nodes: sorted.slice(page.offset, page.offset + page.limit), total: kept.length };
}

/** Text for comparing without regard to case, nor to whether an accent is a character of its own. */
export function folded(text: string): string {
  return isPlain.test(text) ? text.toLowerCase() : text.normalize("NFC").toLowerCase();
}

const isPlain = /^[\x00-\x7f]*$/;

function inOrder(nodes: readonly Node[], { sort, order }: PageOf): readonly Node[] {
  if (sort === "name") return order === "asc" ? nodes : nodes.toReversed();
  const direction = order === "asc" ? 1 : -1;
  // Each key once: of 10,000 entries every one is compared a dozen times.
  const keyed = nodes.map((node) => ({
    node,
    key: sort === "sizeBytes" ? BigInt(node.size ?? 0) : instantNs(node.mtime),
  }));
  keyed.sort((a, b) => (a.key === b.key ? 0 : (a.key < b.key ? -1 : 1) * direction));
  return keyed.map(({ node }) => node);
}
