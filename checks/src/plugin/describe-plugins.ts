import { plugins } from "../plugins/registry.ts";
import type { PluginOperands, PluginOption } from "./option.ts";
import type { Plugin, PluginExample } from "./plugin.ts";

/** What a person choosing a check needs to see; plain data, fit for JSON. */
export interface PluginDescription {
  readonly name: string;
  readonly summary: string;
  readonly notes?: string;
  readonly options: readonly PluginOption[];
  readonly operands?: PluginOperands;
  readonly examples: readonly PluginExample[];
}

/** Describes every built-in check, by name. Loads them all, so for listings and editors, not for the agent. */
export async function describePlugins(): Promise<PluginDescription[]> {
  const loaded = await Promise.all([...plugins.values()].map((load) => load()));
  return loaded.map(describe);
}

function describe(plugin: Plugin): PluginDescription {
  const { name, summary, notes, options, operands, examples } = plugin;
  return {
    name,
    summary,
    ...(notes === undefined ? {} : { notes }),
    options,
    ...(operands === undefined ? {} : { operands }),
    examples,
  };
}
