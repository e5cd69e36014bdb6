import { nearestName } from "./nearest-name.ts";
import { type PluginOperands, type PluginOption, STANDARD_OPTIONS } from "./option.ts";
import { type GivenOption, OptionValues } from "./option-values.ts";
import { UsageError } from "./usage-error.ts";

/**
 * Reads arguments the way getopt_long does, so that lines written for monitoring-plugins keep working: `-w 80`, `-w80`,
 * `--warning=80`, `--warning 80`, `--warn=80` where that is the only match, `-vv`, and `--` before operands.
 * Throws UsageError.
 */
export function parseOptions(
  argv: readonly string[],
  declared: readonly PluginOption[],
  operands?: PluginOperands,
): OptionValues {
  const options = [...declared, ...STANDARD_OPTIONS];
  const given: GivenOption[] = [];
  const rest: string[] = [];
  let index = 0;
  while (index < argv.length) {
    const argument = argv[index] ?? "";
    index += 1;
    if (argument === "--") {
      rest.push(...argv.slice(index));
      break;
    }
    if (argument.length < 2 || !argument.startsWith("-")) {
      rest.push(argument);
      if (!operands?.isPassedOn) continue;
      rest.push(...argv.slice(index));
      break;
    }
    const takeNext = (): string | undefined => argv[index++];
    if (argument.startsWith("--")) given.push(readLong(argument.slice(2), options, takeNext));
    else given.push(...readLetters(argument.slice(1), options, takeNext));
  }
  if (operands === undefined && rest.length > 0) {
    throw new UsageError(`unexpected argument "${rest[0]}"; this check takes options only`);
  }
  return new OptionValues(options, given, rest);
}

function readLong(text: string, options: readonly PluginOption[], takeNext: () => string | undefined): GivenOption {
  const equals = text.indexOf("=");
  const name = equals === -1 ? text : text.slice(0, equals);
  const attached = equals === -1 ? undefined : text.slice(equals + 1);
  const option = findByName(name, options);
  if (option.value === undefined) {
    if (attached !== undefined) throw new UsageError(`--${option.name} takes no value, but was given "${attached}"`);
    return { name: option.name, value: "" };
  }
  if (option.isValueOptional) return { name: option.name, value: attached ?? "" };
  return { name: option.name, value: attached ?? requireNext(`--${option.name}`, option, takeNext) };
}

function findByName(name: string, options: readonly PluginOption[]): PluginOption {
  const exact = options.find((option) => option.name === name);
  if (exact !== undefined) return exact;
  const matches = name === "" ? [] : options.filter((option) => option.name.startsWith(name));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  if (matches.length > 1) {
    const candidates = matches.map((option) => `--${option.name}`).join(", ");
    throw new UsageError(`--${name} is ambiguous: ${candidates}`);
  }
  const near = nearestName(
    name,
    options.map((option) => option.name),
  );
  throw new UsageError(`unknown option --${name}${near === undefined ? "" : `; did you mean --${near}?`}`);
}

function* readLetters(
  letters: string,
  options: readonly PluginOption[],
  takeNext: () => string | undefined,
): Generator<GivenOption> {
  for (let position = 0; position < letters.length; position += 1) {
    const letter = letters[position] ?? "";
    const option = options.find((candidate) => candidate.letter === letter);
    if (option === undefined) throw new UsageError(`unknown option -${letter}`);
    if (option.value === undefined) {
      yield { name: option.name, value: "" };
      continue;
    }
    const attached = letters.slice(position + 1);
    const isAttached = attached !== "" || option.isValueOptional;
    yield { name: option.name, value: isAttached ? attached : requireNext(`-${letter}`, option, takeNext) };
    return;
  }
}

function requireNext(label: string, option: PluginOption, takeNext: () => string | undefined): string {
  const value = takeNext();
  if (value === undefined) throw new UsageError(`${label} needs a value: ${label} ${option.value ?? ""}`);
  return value;
}
