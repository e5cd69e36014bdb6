import { type AgentStatus, type PluginResult, runPlugin } from "@mycloud/checks/plugin";
import { formatPerfdata, formatPluginOutput } from "@mycloud/checks/plugin-api";
import type { SnmpContext } from "@mycloud/checks/snmp";
import type { TestRunResult } from "@mycloud/protocol/agent";

/** What to run. */
export interface Execution {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly timeoutSeconds: number;
}

/** What a run needs from outside. */
export interface ExecutionContext {
  readonly signal: AbortSignal;
  readonly memory: Map<string, unknown>;
  readonly agent: AgentStatus;
  /** For checks that ask a device; without it they need a credential in their options. */
  readonly snmp?: SnmpContext;
  readonly procRoot: string;
  readonly sysRoot: string;
  /** The host's wall clock. */
  readonly now: () => number;
  /** Milliseconds on a clock that is never set back. */
  readonly monotonicNow: () => number;
}

/** The protocol's limit for output, in UTF-16 units. */
const MAXIMUM_OUTPUT_LENGTH = 65_536;

/** What one run found out. */
export interface ExecutedCheck {
  readonly returnCode: number;
  /** Output, perfdata and long output, as a plugin prints them. */
  readonly output: string;
  readonly checkedAtMs: number;
  readonly executionTimeSeconds: number;
}

/** Runs a check once. Never throws: a plugin that breaks its promise not to throw is UNKNOWN with what it said. */
export async function executeCheck(execution: Execution, context: ExecutionContext): Promise<ExecutedCheck> {
  const checkedAtMs = context.now();
  const { result, executionTimeSeconds } = await run(execution, context);
  const { output, longOutput } = result;
  const text = formatPluginOutput({ output, longOutput, perfdata: formatPerfdata(result.perfdata) });
  return { returnCode: result.returnCode, output: clean(text), checkedAtMs, executionTimeSeconds };
}

/** Runs a check once and keeps the parts of its output apart, for a person who tries it. Never throws. */
export async function testRun(execution: Execution, context: ExecutionContext): Promise<TestRunResult> {
  const { result, executionTimeSeconds } = await run(execution, context);
  return {
    returnCode: result.returnCode,
    output: clean(result.output),
    longOutput: clean(result.longOutput),
    perfdata: clean(formatPerfdata(result.perfdata)),
    executionTimeSeconds,
  };
}

async function run(execution: Execution, context: ExecutionContext) {
  const startedAt = context.monotonicNow();
  const result = await runPlugin(execution.command, execution.arguments, {
    signal: context.signal,
    now: context.now,
    procRoot: context.procRoot,
    sysRoot: context.sysRoot,
    memory: context.memory,
    agent: context.agent,
    ...(context.snmp === undefined ? {} : { snmp: context.snmp }),
    timeoutSeconds: execution.timeoutSeconds,
  }).catch((error: unknown): PluginResult => {
    const reason = error instanceof Error ? error.message : String(error);
    return { returnCode: 3, output: `UNKNOWN - ${execution.command} failed: ${reason}`, longOutput: "", perfdata: [] };
  });
  const executionTimeSeconds = Math.min(Math.max(context.monotonicNow() - startedAt, 0) / 1000, 86_400);
  return { result, executionTimeSeconds };
}

/** Output comes from anywhere: halves of surrogate pairs and overlong text must not make a whole batch invalid. */
function clean(text: string): string {
  return text.slice(0, MAXIMUM_OUTPUT_LENGTH).toWellFormed();
}
