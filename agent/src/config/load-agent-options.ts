import { readFile } from "node:fs/promises";
import { AgentOptions, agentOptions, defaultConfigurationFile } from "./agent-options.ts";

/** What was given where. */
export interface OptionSources {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: NodeJS.ProcessEnv;
  /** `--config` or MYCLOUD_AGENT_CONFIG; then it must exist. */
  readonly file: string | undefined;
}

/** Options that cannot be used; one line for each fault. */
export class OptionsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "OptionsError";
    this.faults = faults;
  }
}

/** Joins flags, environment, file and defaults. Throws OptionsError with every fault at once. */
export async function loadAgentOptions(sources: OptionSources): Promise<AgentOptions> {
  const path = sources.file ?? defaultConfigurationFile;
  const file = await readOptionsFile(path, sources.file !== undefined);
  const names = new Set<string>(agentOptions.map((option) => option.name));
  const faults = Object.keys(file)
    .filter((name) => !names.has(name))
    .map((name) => `${path}: ${name} is not an option; there are ${[...names].join(", ")}`);
  const origins = new Map<string, string>();
  const values: Record<string, unknown> = {};
  for (const option of agentOptions) {
    const given = [
      [sources.flags[option.name], option.flag.split(" ")[0] ?? option.flag],
      [sources.environment[option.environment] || undefined, option.environment],
      [file[option.name], `${path}: ${option.name}`],
      ["default" in option ? option.default : undefined, option.name],
    ].find(([value]) => value !== undefined);
    if (given === undefined) continue;
    values[option.name] = given[0];
    origins.set(option.name, String(given[1]));
  }
  const parsed = AgentOptions.safeParse(values);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]);
      faults.push(`${origins.get(name) ?? name} is "${String(values[name])}": ${issue.message}`);
    }
  }
  if (faults.length > 0 || !parsed.success) throw new OptionsError(faults);
  return parsed.data;
}

async function readOptionsFile(path: string, isRequired: boolean): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (!isRequired && error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new OptionsError([`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const { parse } = await import("yaml");
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    throw new OptionsError([`${path} is not YAML: ${error instanceof Error ? error.message : String(error)}`]);
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new OptionsError([`${path} is not a list of "option: value" lines`]);
  }
  return { ...content };
}
