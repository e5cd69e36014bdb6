import type { Command } from "commander";
import { CommandError, flagsOf, type Terminal } from "../command-line/index.ts";
import {
  type AgentOptions,
  agentOptions,
  defaultConfigurationFile,
  loadAgentOptions,
  OptionsError,
} from "../config/index.ts";

type OptionName = (typeof agentOptions)[number]["name"];

/** Adds the agent's options that `names` lists, and `--config`. */
export function addAgentOptions(command: Command, names: readonly OptionName[]): Command {
  for (const option of agentOptions.filter(({ name }) => names.includes(name))) {
    const text = "defaultText" in option ? option.defaultText : "default" in option ? String(option.default) : "";
    const fallback = text === "" ? "" : `; default ${text}`;
    command.option(option.flag, `${option.description} (env ${option.environment}${fallback})`);
  }
  return command.option(
    "--config <file>",
    `options as YAML (env MYCLOUD_AGENT_CONFIG; default ${defaultConfigurationFile})`,
  );
}

/** Joins a command's flags with environment, file and defaults. Throws CommandError with every fault. */
export async function agentSettings(command: Command, terminal: Terminal): Promise<AgentOptions> {
  const given = new Map(Object.entries(flagsOf<Record<string, unknown>>(command)));
  const text = (name: string) => {
    const value = given.get(name);
    return typeof value === "string" ? value : undefined;
  };
  try {
    return await loadAgentOptions({
      flags: {
        stateDirectory: text("stateDir"),
        serverUrl: text("server"),
        concurrency: text("concurrency"),
        spoolMegabytes: text("spoolMegabytes"),
        nrpe: text("nrpe"),
        metrics: text("metrics"),
        metricsCertificate: text("metricsCert"),
        metricsKey: text("metricsKey"),
        metricsTokenFile: text("metricsTokenFile"),
        metricsTextfiles: text("metricsTextfiles"),
        metricsWithout: text("metricsWithout"),
      },
      environment: terminal.environment,
      file: text("config") ?? (terminal.environment.MYCLOUD_AGENT_CONFIG || undefined),
    });
  } catch (error) {
    if (error instanceof OptionsError) throw new CommandError("configuration", error.faults.join("; "));
    throw error;
  }
}
