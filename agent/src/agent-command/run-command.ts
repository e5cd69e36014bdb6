import { networkInterfaces } from "node:os";
import { performance } from "node:perf_hooks";
import { Command } from "commander";
import { prepareStateDirectory, runAgent } from "../agent/index.ts";
import { becomeOnlyInstance } from "../agent/single-instance.ts";
import { addExamples, CommandError, type Terminal } from "../command-line/index.ts";
import { agentOptions } from "../config/index.ts";
import { collectAddresses, collectFacts } from "../facts/index.ts";
import { readIdentity } from "../identity/index.ts";
import { createDiagnostics } from "../log-pipeline/index.ts";
import { createProcessLogger } from "../logger/index.ts";
import { sleep } from "../retry-loop/index.ts";
import { defaultSpoolPolicy } from "../spool/index.ts";
import { agentPaths } from "../state-directory/index.ts";
import { addAgentOptions, agentSettings } from "./agent-settings.ts";
import { agentVersion } from "./agent-version.ts";
import { metricsSettings } from "./metrics-settings.ts";

/** After an outage agents come back within half a minute, spread out. */
const backoff = { baseMs: 500, maximumMs: 30_000 };
/** A revoked agent asks every 1 to 10 minutes, in case it is let in again. */
const refusedBackoff = { baseMs: 60_000, maximumMs: 600_000 };

/** `mycloud agent run`. */
export function createRunCommand(terminal: Terminal): Command {
  const command = new Command("run").description(
    "run the agent until it is stopped; it keeps checking while the control plane is away and delivers the results later",
  );
  addAgentOptions(
    command,
    agentOptions.map(({ name }) => name),
  );
  addExamples(command, [
    ["mycloud agent run", "as the systemd unit does"],
    ["mycloud agent run --state-dir ./var", "with a state directory of your own"],
  ]);
  return command.action(async () => {
    const settings = await agentSettings(command, terminal);
    const paths = agentPaths(settings.stateDirectory);
    const identity = await readIdentity(paths).catch((error: unknown) => {
      throw new CommandError("configuration", error instanceof Error ? error.message : String(error));
    });
    if (identity === undefined) {
      throw new CommandError(
        "configuration",
        `this host is not enrolled (no ${paths.identity}); create a token in the console and type the command it shows`,
      );
    }
    await prepareStateDirectory(paths);
    const release = await becomeOnlyInstance(paths.directory);
    if (release === undefined) {
      throw new CommandError(
        "addressInUse",
        `another agent already runs with the state directory ${settings.stateDirectory}`,
      );
    }
    const diagnostics = createDiagnostics();
    const logger = createProcessLogger(process.env, diagnostics.tell);
    const onRejection = (err: unknown) => logger.error({ err }, "unhandled rejection; the agent goes on");
    process.on("unhandledRejection", onRejection);
    try {
      await runAgent({
        paths,
        identity,
        serverUrl: settings.serverUrl ?? identity.serverUrl,
        version: agentVersion(),
        concurrency: settings.concurrency,
        spoolPolicy: { ...defaultSpoolPolicy, maximumBytes: settings.spoolMegabytes * 1024 * 1024 },
        nrpe: settings.nrpe,
        metrics: metricsSettings(settings),
        collectFacts: () => collectFacts({ procRoot: "/proc", sysRoot: "/sys", osReleasePath: "/etc/os-release" }),
        collectAddresses: () => collectAddresses("/proc", networkInterfaces),
        patience: { backoff, refusedBackoff, random: Math.random, sleep },
        logger,
        diagnostics,
        now: terminal.now,
        monotonicNow: () => performance.timeOrigin + performance.now(),
        signal: terminal.signal,
      });
    } finally {
      process.off("unhandledRejection", onRejection);
      release();
    }
  });
}
