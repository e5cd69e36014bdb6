import { parseSize } from "@mycloud/backup/pattern";
import type { StorageOption, StorageServerOptions } from "@mycloud/backup/storage-server";
import type { Command } from "commander";
import { CommandError, parseDurationMs, resolveFrom, type Terminal } from "../../command-line/index.ts";

const prefix = "MYCLOUD_STORAGE_";

/** The flag of an option: its variable's name without `MYCLOUD_STORAGE_`. Pure. */
export function flagOf({ name, env, type }: StorageOption): string {
  if (name === "listen") return "--listen <HOST:PORT>";
  const word = env.slice(prefix.length).toLowerCase().replaceAll("_", "-");
  const values = {
    text: "TEXT",
    listen: "HOST:PORT",
    file: "FILE",
    list: "FILE,FILE",
    addresses: "ADDRESS,ADDRESS",
    number: "N",
    size: "SIZE",
    duration: "DURATION",
  };
  if (name === "stateDirectory") return "--state-dir <DIR>";
  return type === "boolean" ? `--${word}` : `--${word} <${values[type]}>`;
}

/** Adds a flag for every option of the server. */
export function addStorageFlags(command: Command, options: readonly StorageOption[]): Command {
  for (const option of options) {
    const fallback = option.defaultText ?? (option.default === undefined ? undefined : String(option.default));
    const known = fallback === undefined || option.type === "boolean" ? "" : `; default ${fallback}`;
    command.option(flagOf(option), `${option.description} (env ${option.env}${known})`);
  }
  return command;
}

type Value = string | number | boolean | readonly string[];

/** What flags and environment say, flag first; what nobody says is left out. Throws CommandError that names the faulty value. */
export function readStorageFlags(
  command: Command,
  options: readonly StorageOption[],
  terminal: Pick<Terminal, "environment" | "workingDirectory">,
): Partial<StorageServerOptions> {
  const read: Record<string, Value> = {};
  for (const option of options) {
    const definition = command.options.find(({ flags }) => flags === flagOf(option));
    const typed: unknown = definition === undefined ? undefined : command.getOptionValue(definition.attributeName());
    const isTyped = definition !== undefined && command.getOptionValueSource(definition.attributeName()) === "cli";
    const fromEnvironment = terminal.environment[option.env];
    if (isTyped) {
      const flag = `--${definition.name()}`;
      // commander makes a `--no-auth` an `auth` that is false.
      read[option.name] =
        typeof typed === "string"
          ? parseValue(option, typed, definition.negate ? flag : `--${definition.name()}`, terminal.workingDirectory)
          : true;
    } else if (fromEnvironment) {
      read[option.name] = parseValue(option, fromEnvironment, option.env, terminal.workingDirectory);
    }
  }
  return read;
}

function parseValue({ type }: StorageOption, text: string, origin: string, workingDirectory: string): Value {
  switch (type) {
    case "size":
      return parseSize(text, origin);
    case "number":
      return numberIn(text, origin);
    case "duration":
      return durationIn(text, origin);
    case "boolean":
      return !["", "0", "false", "no", "off"].includes(text.toLowerCase());
    case "list":
      return text.split(",").map((path) => resolveFrom(workingDirectory, path.trim()));
    case "addresses":
      return text.split(",").map((address) => address.trim());
    case "file":
      return resolveFrom(workingDirectory, text);
    default:
      return text;
  }
}

function numberIn(text: string, origin: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= 0) return value;
  throw new CommandError("configuration", `${origin} is "${text}"; write a whole number from 0`);
}

function durationIn(text: string, origin: string): number {
  const value = parseDurationMs(text);
  if (value !== undefined) return value;
  throw new CommandError("configuration", `${origin} is "${text}"; write a duration such as 30s, 12h or 7d`);
}
