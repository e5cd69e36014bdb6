import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import type { Logger } from "pino";
import type { App } from "./app.ts";
import {
  type Configuration,
  ConfigurationError,
  defaultConfigurationFile,
  loadConfiguration,
  type OptionName,
  options,
} from "./configuration/index.ts";
import { createLogger } from "./log/index.ts";
import { exitCodes, StartError } from "./start-error.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const stopWithinMs = 4_800;

function createProgram(): Command {
  const program = new Command("mycloud server")
    .description("Runs the control plane: API, console, state machine, notifications.")
    .usage("[options]")
    .helpOption("-h, --help", "show this help")
    .allowExcessArguments(false)
    .configureOutput({
      outputError: (text, write) =>
        write(
          `mycloud server: ${text
            .trim()
            .replace(/^error: /, "")
            .replaceAll("\n", " ")}\n`,
        ),
    })
    .exitOverride();
  for (const option of options) {
    const note = option.environment + ("defaultText" in option ? `; default: ${option.defaultText}` : "");
    if ("flag" in option) program.option(option.flag, `${option.description} (${note})`);
  }
  program.option(
    "--config <FILE>",
    `settings as "name: value" (MYCLOUD_SERVER_CONFIG; default: ${defaultConfigurationFile})`,
  );
  return program.addHelpText(
    "after",
    `\nOnly in the environment:\n${onlyEnvironment()}\n\nExit codes:\n${describeExitCodes()}`,
  );
}

function onlyEnvironment(): string {
  return options
    .filter((option) => !("flag" in option))
    .map((option) => `  ${option.environment}  ${option.description}`)
    .join("\n");
}

function describeExitCodes(): string {
  return Object.values(exitCodes)
    .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`)
    .join("\n");
}

async function main(args: readonly string[]): Promise<number> {
  // What is written below the state directory is nobody else's business.
  process.umask(0o077);
  let logger: Logger;
  let configuration: Configuration;
  try {
    configuration = await readConfiguration(args);
    const format = configuration.logFormat ?? (process.stdout.isTTY ? "text" : "json");
    logger = createLogger({ level: configuration.logLevel, format, write: (line) => process.stdout.write(line) });
  } catch (error) {
    return reportFault(error);
  }
  // Two thousand modules: neither help nor a wrong setting waits for them.
  const { createApp } = await import("./app.ts");
  const app = createApp({ configuration, logger, version: readVersion() });
  const asked = waitForSignal(logger);
  try {
    await app.start();
  } catch (error) {
    return reportFault(error);
  }
  const signal = await asked;
  logger.info({ signal }, "control plane stopping");
  return await stop(app, logger);
}

async function readConfiguration(args: readonly string[]): Promise<Configuration> {
  const program = createProgram();
  program.parse([...args], { from: "user" });
  const { config, ...flags } = program.opts<Record<string, string>>();
  // Commander names a flag by its own letters: --smtp-url is smtpUrl.
  const byName: Partial<Record<OptionName, string>> = {};
  for (const option of options) {
    if (!("flag" in option)) continue;
    const key =
      option.flag
        .slice(2)
        .split(" ")[0]
        ?.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) ?? "";
    const value = flags[key];
    if (value !== undefined) byName[option.name] = value;
  }
  return await loadConfiguration({
    flags: byName,
    environment: process.env,
    file: config ?? null,
    defaultStateDir: existsSync(join(root, ".git")) ? join(root, "var") : "/var/lib/mycloud",
    workingDirectory: process.cwd(),
  });
}

/** One clear line for what a person can mend; a stack only for what they cannot. */
function reportFault(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage.code;
  if (error instanceof ConfigurationError) {
    for (const fault of error.faults) process.stderr.write(`mycloud server: ${fault}\n`);
    return exitCodes.configuration.code;
  }
  if (error instanceof StartError) {
    process.stderr.write(`mycloud server: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(`mycloud server: ${error instanceof Error ? error.stack : String(error)}\n`);
  return exitCodes.internal.code;
}

function waitForSignal(logger: Logger): Promise<NodeJS.Signals> {
  process.on("unhandledRejection", (err) => {
    // State may be wrong from here on; the supervisor starts a fresh process, and nothing acknowledged is lost.
    logger.fatal({ err }, "unhandled rejection");
    process.exit(exitCodes.internal.code);
  });
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(signal));
  });
}

async function stop(app: App, logger: Logger): Promise<number> {
  const late = setTimeout(() => {
    logger.error("stopping takes too long; leaving");
    process.exit(exitCodes.internal.code);
  }, stopWithinMs);
  await app.stop();
  clearTimeout(late);
  return exitCodes.ok.code;
}

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return typeof version === "string" ? version : "unknown";
}

const [command, ...rest] = process.argv.slice(2);
process.exit(await main(command === "server" ? rest : process.argv.slice(2)));
