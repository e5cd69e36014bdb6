/** One option of a plugin: a row of the table that is parsed, shown by `--help` and drawn by the console's check editor. */
export interface PluginOption {
  /** Long name without dashes: `warning` is given as `--warning`. */
  readonly name: string;
  /** One-letter form, the one people know from monitoring-plugins: `w` is given as `-w`. */
  readonly letter?: string;
  /** What stands for the value in help, e.g. `RANGE`; an option without one is a flag. */
  readonly value?: string;
  /** The value may be left out; it is then only read from `-S1.2` and `--ssl=1.2`, never from the next argument. */
  readonly isValueOptional?: boolean;
  readonly isRepeatable?: boolean;
  /** Where the value is one of a few words. */
  readonly choices?: readonly string[];
  /** Used when the option is not given; plain text, parsed like a given value. */
  readonly default?: string;
  readonly description: string;
}

/** What follows the options on the command line, for the few plugins that take something there. */
export interface PluginOperands {
  readonly usage: string;
  readonly description: string;
  /** Everything from the first operand on belongs to another program, options too. */
  readonly isPassedOn?: boolean;
}

/** Options every plugin takes; their letters are taken everywhere. */
export const STANDARD_OPTIONS = [
  {
    letter: "t",
    name: "timeout",
    value: "SECONDS[:STATE]",
    description: "give up after SECONDS; the result is then STATE (ok, warning, critical or unknown; default critical)",
  },
  { letter: "v", name: "verbose", isRepeatable: true, description: "say more in the lines after the first" },
  { name: "json", description: "print the result as JSON" },
  { letter: "h", name: "help", description: "print this help" },
  { letter: "V", name: "version", description: "print the version" },
] as const satisfies readonly PluginOption[];

/** An option as it is named in messages: `-w/--warning`. */
export function optionLabel(option: PluginOption): string {
  return option.letter === undefined ? `--${option.name}` : `-${option.letter}/--${option.name}`;
}
