import type { Page } from "playwright-core";

const namedRoles = new Set([
  "button",
  "checkbox",
  "combobox",
  "dialog",
  "link",
  "listbox",
  "menuitem",
  "option",
  "radio",
  "searchbox",
  "slider",
  "spinbutton",
  "switch",
  "tab",
  "table",
  "textbox",
  "treegrid",
]);
/** Whose contents are one thing to a screen reader: a control within is not reached (axe's rule nested-interactive). */
const wholeRoles = new Set(["button", "checkbox", "link", "menuitem", "option", "radio", "slider", "switch", "tab"]);
/** What only their own children belong in (axe's rule aria-required-children). */
const childrenOf: Readonly<Record<string, ReadonlySet<string>>> = {
  listbox: new Set(["option", "group", "MenuListPopup"]),
  treegrid: new Set(["row", "rowgroup", "caption"]),
};
/** What Chromium calls elements that say nothing of themselves, and texts. */
const plainRoles = new Set(["none", "generic", "InlineTextBox", "StaticText", "LineBreak"]);

interface Node {
  readonly id: string;
  readonly isIgnored: boolean;
  readonly role: string;
  readonly name: string;
  readonly parent: Node | undefined;
  readonly element: number | undefined;
}

/**
 * The controls of a page that have no accessible name, or are where they cannot be used or do not belong, as Chromium computes it for screen readers;
 * described for a person to find.
 */
export async function faultyControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { nodes: told } = await session.send("Accessibility.getFullAXTree");
    const byId = new Map(told.map((node) => [node.nodeId, node]));
    const read = (id: string): Node | undefined => {
      const node = byId.get(id);
      if (node === undefined) return undefined;
      return {
        id,
        isIgnored: node.ignored,
        role: String(node.role?.value),
        name: String(node.name?.value ?? "").trim(),
        get parent() {
          return node.parentId === undefined ? undefined : read(node.parentId);
        },
        element: node.backendDOMNodeId,
      };
    };
    const faults: string[] = [];
    for (const { nodeId } of told) {
      const node = read(nodeId);
      const fault = node === undefined ? null : faultOf(node);
      if (node === undefined || fault === null) continue;
      const { outerHTML } =
        node.element === undefined
          ? { outerHTML: "" }
          : await session.send("DOM.getOuterHTML", { backendNodeId: node.element });
      faults.push(`${node.role} ${fault}: ${outerHTML.slice(0, 200)}`);
    }
    return faults;
  } finally {
    await session.detach();
  }
}

function faultOf(node: Node): string | null {
  if (node.isIgnored || plainRoles.has(node.role)) return null;
  if (namedRoles.has(node.role) && node.name === "") return "has no name";
  let parent = node.parent;
  const isMeaningless = (one: Node) => one.isIgnored || plainRoles.has(one.role);
  while (parent !== undefined && isMeaningless(parent)) parent = parent.parent;
  const allowed = parent === undefined ? undefined : childrenOf[parent.role];
  if (allowed !== undefined && !allowed.has(node.role)) return `is directly within a ${parent?.role}`;
  if (!namedRoles.has(node.role)) return null;
  for (let above = node.parent; above !== undefined; above = above.parent) {
    if (!above.isIgnored && wholeRoles.has(above.role)) return `is within a ${above.role}`;
  }
  return null;
}
