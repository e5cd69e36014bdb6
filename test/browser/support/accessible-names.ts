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
]);

/** The controls of a page that have no accessible name, as Chromium computes it for screen readers; described for a person to find. */
export async function namelessControls(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  try {
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const nameless = nodes.filter(
      ({ ignored, role, name }) => !ignored && namedRoles.has(String(role?.value)) && !String(name?.value ?? "").trim(),
    );
    return await Promise.all(
      nameless.map(async ({ role, backendDOMNodeId }) => {
        if (backendDOMNodeId === undefined) return String(role?.value);
        const { outerHTML } = await session.send("DOM.getOuterHTML", { backendNodeId: backendDOMNodeId });
        return `${role?.value}: ${outerHTML.slice(0, 200)}`;
      }),
    );
  } finally {
    await session.detach();
  }
}
