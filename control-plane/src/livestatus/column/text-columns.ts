import type { ViewedObject } from "../../status-view/index.ts";
import { type Column, dict, int, list, text } from "./column.ts";
import { expandMacros } from "./expand-macros.ts";
import { hostOf } from "./monitored-object.ts";

/** Words, links and labels that people and viewers put beside it. */
export function textColumns(): Column<ViewedObject>[] {
  return [
    text("notes", "Notes", (object) => object.notes),
    text("notes_expanded", "Notes, macros replaced", (object) => expandMacros(object.notes, object)),
    text("notes_url", "A link to notes", ({ settings }) => settings.notesUrl ?? ""),
    text("notes_url_expanded", "A link to notes, macros replaced", (object) =>
      expandMacros(object.settings.notesUrl, object),
    ),
    text("action_url", "A link to actions", ({ settings }) => settings.actionUrl ?? ""),
    text("action_url_expanded", "A link to actions, macros replaced", (object) =>
      expandMacros(object.settings.actionUrl, object),
    ),
    text("icon_image", "Name of an icon", ({ settings }) => settings.iconImage ?? ""),
    text("icon_image_expanded", "Name of an icon, macros replaced", (object) =>
      expandMacros(object.settings.iconImage, object),
    ),
    text("icon_image_alt", "Always empty", () => ""),
    int("pnpgraph_present", "Always 0: charts are in the console", () => 0),
    list("metrics", "Names of its performance data", ({ state }) => metricNames(state.perfdata)),
    dict("labels", "Labels of the host", (object) => hostOf(object).labels),
    list("label_names", "Names of the host's labels", (object) => Object.keys(hostOf(object).labels)),
    list("label_values", "Values of the host's labels", (object) => Object.values(hostOf(object).labels)),
    dict("label_sources", "Where the labels come from", (object) =>
      Object.fromEntries(Object.keys(hostOf(object).labels).map((name) => [name, "explicit"])),
    ),
    dict("tags", "Labels of the host, as tags", (object) => hostOf(object).labels),
    list("tag_names", "Names of the host's labels", (object) => Object.keys(hostOf(object).labels)),
    list("tag_values", "Values of the host's labels", (object) => Object.values(hostOf(object).labels)),
  ];
}

function metricNames(perfdata: string): string[] {
  return [...perfdata.matchAll(/(?:^|\s)(?:'((?:[^']|'')+)'|([^\s'=]+))=/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll("''", "'") ?? plain ?? "",
  );
}
