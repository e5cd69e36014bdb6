import type { Panel, PanelPlace } from "../panel/index.ts";
import type { PanelRow } from "./dashboard.ts";

/** Columns of Grafana's grid. */
export const gridColumns = 24;

export type PlacedRow = {
  readonly row: PanelRow;
  readonly place: PanelPlace;
  readonly panels: readonly { readonly panel: Panel; readonly place: PanelPlace }[];
};

/** Where rows and their panels stand: from left to right, a new line where one is full, as high as its highest. Pure. */
export function placeRows(rows: readonly PanelRow[]): PlacedRow[] {
  let id = 0;
  let y = 0;
  return rows.map((row) => {
    id += 1;
    const place = { id, x: 0, y };
    y += 1;
    let x = 0;
    let lineHeight = 0;
    const panels = row.panels.map((panel) => {
      if (x + panel.width > gridColumns) {
        x = 0;
        y += lineHeight;
        lineHeight = 0;
      }
      id += 1;
      const placed = { panel, place: { id, x, y } };
      x += panel.width;
      lineHeight = Math.max(lineHeight, panel.height);
      return placed;
    });
    y += lineHeight;
    return { row, place, panels };
  });
}
