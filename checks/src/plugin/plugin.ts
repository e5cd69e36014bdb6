import type { Perfdatum } from "../plugin-api/perfdata.ts";
import type { ReturnCode } from "../plugin-api/return-code.ts";
import type { SnmpContext } from "../snmp/snmp-context.ts";
import type { AgentStatus } from "./agent-status.ts";
import type { PluginOperands, PluginOption } from "./option.ts";
import type { OptionValues } from "./option-values.ts";

/** What a run is given besides its options: every way to the outside that tests need to replace. */
export interface PluginContext {
  /** Fires at the timeout; nothing a plugin started may outlive it. */
  readonly signal: AbortSignal;
  /** UTC milliseconds. */
  readonly now: () => number;
  /** `/proc`; tests pass a recorded tree. */
  readonly procRoot: string;
  /** `/sys`; tests pass a recorded tree. */
  readonly sysRoot: string;
  /**
   * Kept per service between runs inside the agent, so that rates are taken over the whole check interval.
   * Started by hand it is empty, and plugins that need two samples take them a second apart.
   */
  readonly memory: Map<string, unknown>;
  readonly agent?: AgentStatus;
  /** Given by an agent that probes devices; by hand a check opens a session of its own. */
  readonly snmp?: SnmpContext;
}

/** What a run found out. `output` is one line and begins with the plugin's title and state. */
export interface PluginResult {
  returnCode: ReturnCode;
  output: string;
  longOutput: string;
  perfdata: Perfdatum[];
}

/** An argument line worth showing, and what it does. */
export interface PluginExample {
  readonly arguments: string;
  readonly description: string;
}

/** A built-in check. */
export interface Plugin {
  readonly name: string;
  /** One sentence without a full stop, for lists. */
  readonly summary: string;
  /** What a reader of `--help` must know beyond the options: defaults, what is counted, what each state means. */
  readonly notes?: string;
  readonly options: readonly PluginOption[];
  readonly operands?: PluginOperands;
  readonly examples: readonly PluginExample[];
  /** Where the usual 10 s are too few. */
  readonly defaultTimeoutSeconds?: number;
  run(options: OptionValues, context: PluginContext): Promise<PluginResult>;
}

/** The word a plugin's output begins with: `file-age` prints `FILE_AGE OK - ...`. */
export function titleOf(name: string): string {
  return name.toUpperCase().replaceAll("-", "_");
}
