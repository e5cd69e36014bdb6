import type { NagiosConfiguration, ReadingOptions } from "./configuration.ts";
import { expandConfiguration } from "./expand-configuration.ts";
import type { WrittenObject } from "./nagios-object.ts";
import { collectFaults, type Fault } from "./place.ts";
import { readObjects } from "./read-objects.ts";

/** Reads object files that are in memory and expands them. Pure. */
export function readConfiguration(
  files: readonly { readonly name: string; readonly text: string }[],
  options: Partial<ReadingOptions> = {},
): { readonly configuration: NagiosConfiguration; readonly faults: readonly Fault[] } {
  const faults = collectFaults();
  const objects: WrittenObject[] = files.flatMap(({ name, text }) => [...readObjects(name, text, faults).objects]);
  const all = { isShinken: false, hasRegexMatching: false, hasTrueRegexMatching: false, ...options };
  return { configuration: expandConfiguration(objects, all, faults), faults: faults.faults };
}
