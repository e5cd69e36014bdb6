import { serviceStateOf } from "../plugin-api/return-code.ts";
import { explainSystemError } from "./explain-system-error.ts";
import { formatHelp } from "./help.ts";
import type { OptionValues } from "./option-values.ts";
import { parseOptions } from "./parse-options.ts";
import { type Plugin, type PluginContext, type PluginResult, titleOf } from "./plugin.ts";
import { report } from "./report.ts";
import { StoppedWaiting } from "./stopped-waiting.ts";
import { readTimeout, type TimeoutPolicy } from "./timeout-option.ts";
import { UsageError } from "./usage-error.ts";
import { readVersion } from "./version.ts";

/** What the caller of a plugin decides. */
export interface ExecutionContext extends PluginContext {
  /** Used unless the arguments carry `-t`; the plugin's own default when left out. */
  readonly timeoutSeconds?: number;
}

const DEFAULT_TIMEOUT_SECONDS = 10;
/** How long a plugin may take to clear up (end a child, close a socket) once it was told to stop. */
const CLEAN_UP_MS = 3_000;

/** Runs one plugin with its arguments. Never throws: whatever goes wrong is a result with a sentence. */
export async function executePlugin(
  plugin: Plugin,
  argv: readonly string[],
  context: ExecutionContext,
): Promise<PluginResult> {
  let options: OptionValues;
  let timeout: TimeoutPolicy;
  try {
    options = parseOptions(argv, plugin.options, plugin.operands);
    if (options.isGiven("help")) return plain(formatHelp(plugin));
    if (options.isGiven("version")) return plain(`mycloud check ${plugin.name} ${readVersion()}`);
    timeout = readTimeout(options, context.timeoutSeconds ?? plugin.defaultTimeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS);
  } catch (error) {
    return explainFailure(plugin, error);
  }
  return runWithTimeout(plugin, options, context, timeout);
}

async function runWithTimeout(
  plugin: Plugin,
  options: OptionValues,
  context: PluginContext,
  timeout: TimeoutPolicy,
): Promise<PluginResult> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  context.signal.addEventListener("abort", stop, { once: true });
  if (context.signal.aborted) stop();
  const timer = setTimeout(stop, timeout.seconds * 1_000);
  const patience = afterAbort(controller.signal);
  try {
    const running = plugin.run(options, { ...context, signal: controller.signal }).then(
      (result) => ({ result, error: undefined }),
      (error: unknown) => ({ result: undefined, error }),
    );
    const outcome = await Promise.race([running, patience.promise]);
    // A plugin that is stopped may still report something better than "timed out": `external` says what it killed.
    if (outcome?.result !== undefined) return outcome.result;
    if (!controller.signal.aborted) return explainFailure(plugin, outcome?.error);
    if (context.signal.aborted) return report(plugin.name, 3, "stopped before it was done");
    const waitingFor = outcome?.error instanceof StoppedWaiting ? ` waiting for ${outcome.error.waitingFor}` : "";
    return report(plugin.name, timeout.returnCode, `timed out after ${timeout.seconds} s${waitingFor}`);
  } finally {
    clearTimeout(timer);
    patience.dispose();
    context.signal.removeEventListener("abort", stop);
    controller.abort();
  }
}

/** A promise that resolves a while after the signal fires; `dispose` takes listener and timer away. */
function afterAbort(signal: AbortSignal): { promise: Promise<undefined>; dispose: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  const startTimer = (): void => {
    timer = setTimeout(() => resolve(undefined), CLEAN_UP_MS);
  };
  if (signal.aborted) startTimer();
  else signal.addEventListener("abort", startTimer, { once: true });
  const dispose = (): void => {
    clearTimeout(timer);
    signal.removeEventListener("abort", startTimer);
  };
  return { promise, dispose };
}

function explainFailure(plugin: Plugin, error: unknown): PluginResult {
  if (error instanceof UsageError) {
    return {
      returnCode: 3,
      output: `${titleOf(plugin.name)} ${serviceStateOf(3)} - ${error.message}`,
      longOutput: `See mycloud check ${plugin.name} --help`,
      perfdata: [],
    };
  }
  return report(plugin.name, 3, explainSystemError(error));
}

function plain(text: string): PluginResult {
  const [output = "", ...rest] = text.split("\n");
  return { returnCode: 0, output, longOutput: rest.join("\n"), perfdata: [] };
}
