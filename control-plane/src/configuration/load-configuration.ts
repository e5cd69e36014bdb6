import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Configuration } from "./configuration.ts";
import { defaultConfigurationFile, type OptionName, options } from "./options.ts";

/** What was given where. */
export interface ConfigurationSources {
  /** Values of flags, by option name. */
  readonly flags: Readonly<Partial<Record<OptionName, string>>>;
  readonly environment: NodeJS.ProcessEnv;
  /** The file named by --config; it must exist. */
  readonly file: string | null;
  readonly defaultStateDir: string;
  /** Relative paths start here. */
  readonly workingDirectory: string;
}

/** Settings that cannot be used; one line for each fault. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "ConfigurationError";
    this.faults = faults;
  }
}

interface Given {
  readonly value: string;
  /** How the person wrote it: `--http`, `MYCLOUD_HTTP`, `http in /etc/...`. */
  readonly source: string;
}

/** Joins flags, environment, file and defaults. Throws ConfigurationError with every fault, each with where it was written. */
export async function loadConfiguration(sources: ConfigurationSources): Promise<Configuration> {
  const given = { ...(await readFromFile(sources)), ...readFromEnvironment(sources), ...readFromFlags(sources) };
  const values = Object.fromEntries(Object.entries(given).map(([name, { value }]) => [name, value]));
  const parsed = Configuration.safeParse({ stateDir: sources.defaultStateDir, ...values });
  if (!parsed.success) {
    throw new ConfigurationError(parsed.error.issues.map((issue) => describeFault(issue, given)));
  }
  const { stateDir, smtpPasswordFile, masterKeyFile, notificationCommandDir, logTlsCert, logTlsKey } = parsed.data;
  return {
    ...parsed.data,
    stateDir: resolve(sources.workingDirectory, stateDir),
    notificationCommandDir: resolve(sources.workingDirectory, notificationCommandDir),
    smtpPasswordFile: smtpPasswordFile === null ? null : resolve(sources.workingDirectory, smtpPasswordFile),
    masterKeyFile: masterKeyFile === null ? null : resolve(sources.workingDirectory, masterKeyFile),
    logTlsCert: logTlsCert === null ? null : resolve(sources.workingDirectory, logTlsCert),
    logTlsKey: logTlsKey === null ? null : resolve(sources.workingDirectory, logTlsKey),
  };
}

function describeFault(issue: z.core.$ZodIssue, given: Readonly<Record<string, Given>>): string {
  const name = String(issue.path[0]);
  const entry = given[name];
  if (entry === undefined) return `${name}: ${issue.message}`;
  const isSecret = name === "adminPassword" || name === "databaseUrl" || name === "nscaPassword";
  const separator = /^(is|password|email) /.test(issue.message) ? " " : ": ";
  return `${entry.source}${isSecret ? "" : ` "${entry.value}"`}${separator}${issue.message.replace(/^(password|email) /, "")}`;
}

function readFromFlags({ flags }: ConfigurationSources): Record<string, Given> {
  const given: Record<string, Given> = {};
  for (const option of options) {
    const value = flags[option.name];
    if (value !== undefined && "flag" in option)
      given[option.name] = { value, source: option.flag.split(" ")[0] ?? "" };
  }
  return given;
}

/** An empty variable is as good as none: that is how systemd and compose files leave one out. */
function readFromEnvironment({ environment }: ConfigurationSources): Record<string, Given> {
  const given: Record<string, Given> = {};
  for (const option of options) {
    const value = environment[option.environment];
    if (value !== undefined && value !== "") given[option.name] = { value, source: option.environment };
  }
  return given;
}

const FileContent = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

async function readFromFile({ file, environment }: ConfigurationSources): Promise<Record<string, Given>> {
  const named = file ?? environment.MYCLOUD_SERVER_CONFIG ?? null;
  const path = named ?? defaultConfigurationFile;
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    if (named === null && code === "ENOENT") return {};
    throw new ConfigurationError([`the configuration file ${path} cannot be read: ${code}`]);
  }
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new ConfigurationError([`the configuration file ${path} is not YAML: ${message}`]);
  }
  const parsed = FileContent.safeParse(content);
  if (!parsed.success)
    throw new ConfigurationError([`the configuration file ${path} is no list of "name: value" lines`]);
  return knownOnly(parsed.data, path);
}

function knownOnly(content: z.output<typeof FileContent>, path: string): Record<string, Given> {
  const known = new Set<string>(options.map((option) => option.name));
  const unknown = Object.keys(content).filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new ConfigurationError(
      unknown.map(
        (name) => `the configuration file ${path} has an unknown setting ${name}; there are: ${[...known].join(", ")}`,
      ),
    );
  }
  return Object.fromEntries(
    Object.entries(content).map(([name, value]) => [name, { value: String(value), source: `${name} in ${path}` }]),
  );
}
