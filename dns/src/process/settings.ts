import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { StartError } from "./exit-code.ts";
import { type ListenAddress, parseListenAddress } from "./listen-address.ts";
import { flagName, type NameServerOption, type NameServerOptionName, nameServerOptions } from "./options.ts";

/** What `mycloud dns serve` was asked for. */
export interface ServeSettings {
  readonly listen: readonly ListenAddress[];
  readonly tlsListen: readonly ListenAddress[];
  readonly tls: TlsFiles | null;
  readonly source: ConfigurationSource;
  readonly stateDir: string;
  readonly workers: number;
  readonly metrics: ListenAddress | null;
  /** `-`: standard error. */
  readonly queryLog: string;
  /** Null: what the configuration says. */
  readonly queryLogOneIn: number | null;
}

export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export type ConfigurationSource =
  | { readonly kind: "control plane"; readonly url: string; readonly tokenFile: string }
  | {
      readonly kind: "files";
      readonly configurationFile: string | null;
      readonly zoneFiles: readonly { readonly name: string; readonly file: string }[];
    };

export interface SettingsContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Of the program. */
  readonly rootDirectory: string;
}

const maximumWorkers = 64;

/** Reads the command line and the environment. Throws StartError that names every fault at once. */
export function readSettings(args: readonly string[], context: SettingsContext): ServeSettings {
  return new SettingsReader(args, context).read();
}

class SettingsReader {
  readonly #context: SettingsContext;
  readonly #given: Readonly<Partial<Record<NameServerOptionName, Given>>>;
  readonly #faults: string[] = [];

  constructor(args: readonly string[], context: SettingsContext) {
    this.#context = context;
    this.#given = gather(args, context.environment);
  }

  read(): ServeSettings {
    const tlsListen = this.#addresses("tlsListen");
    const settings = {
      listen: this.#addresses("listen"),
      tlsListen,
      tls: this.#tls(tlsListen.length > 0),
      source: this.#source(),
      stateDir: this.#path("stateDir") ?? this.#defaultStateDir(),
      workers: this.#number("workers", maximumWorkers) ?? 1,
      metrics: this.#text("metrics")?.toLowerCase() === "off" ? null : (this.#addresses("metrics")[0] ?? null),
      queryLog: this.#text("queryLog") === "-" ? "-" : (this.#path("queryLog") ?? "-"),
      queryLogOneIn: this.#number("queryLogOneIn", 1_000_000) ?? null,
    };
    if (this.#faults.length > 0) throw new StartError("configuration", this.#faults.join("\n"));
    return settings;
  }

  #tls(isNeeded: boolean): TlsFiles | null {
    const certFile = this.#path("tlsCert");
    const keyFile = this.#path("tlsKey");
    if (certFile !== undefined && keyFile !== undefined) return { certFile, keyFile };
    if (isNeeded || certFile !== undefined || keyFile !== undefined)
      this.#faults.push("DNS over TLS wants both --tls-cert and --tls-key");
    return null;
  }

  #source(): ConfigurationSource {
    const url = this.#text("server");
    const zoneFiles = this.#list("zoneFile").flatMap(({ value, origin }) => {
      const [, name, file] = /^([^=]+)=(.+)$/.exec(value) ?? [];
      if (name !== undefined && file !== undefined)
        return [{ name, file: resolve(this.#context.workingDirectory, file) }];
      this.#faults.push(`${origin} is "${value}"; write NAME=FILE, e.g. example.org=/etc/mycloud/example.org.zone`);
      return [];
    });
    const configurationFile = this.#path("configuration") ?? null;
    const hasFiles = zoneFiles.length > 0 || configurationFile !== null;
    if (url === undefined) {
      if (!hasFiles)
        this.#faults.push(
          "nothing says what is to be served: give --server URL, --zone-file NAME=FILE or --configuration FILE",
        );
      return { kind: "files", configurationFile, zoneFiles };
    }
    if (hasFiles)
      this.#faults.push("--server cannot go with --zone-file or --configuration: one of them says what is served");
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      this.#faults.push(`${this.#origin("server")} is "${url}"; write a URL such as https://mycloud.example.org`);
    const tokenFile = this.#path("tokenFile");
    if (tokenFile === undefined)
      this.#faults.push("--server wants --token-file: a file with a token of scope name-server");
    return { kind: "control plane", url, tokenFile: tokenFile ?? "" };
  }

  #defaultStateDir(): string {
    const { rootDirectory } = this.#context;
    return existsSync(join(rootDirectory, ".git")) ? join(rootDirectory, "var/dns") : "/var/lib/mycloud/dns";
  }

  #list(name: NameServerOptionName): readonly { readonly value: string; readonly origin: string }[] {
    const { values = [], origin = "" } = this.#given[name] ?? {};
    return values.map((value) => ({ value, origin }));
  }

  #text(name: NameServerOptionName): string | undefined {
    return this.#given[name]?.values.at(-1);
  }

  #origin(name: NameServerOptionName): string {
    return this.#given[name]?.origin ?? name;
  }

  #path(name: NameServerOptionName): string | undefined {
    const text = this.#text(name);
    return text === undefined ? undefined : resolve(this.#context.workingDirectory, text);
  }

  #addresses(name: NameServerOptionName): ListenAddress[] {
    return this.#list(name).flatMap(({ value, origin }) => {
      const parsed = parseListenAddress(value);
      if (parsed === undefined)
        this.#faults.push(`${origin} is "${value}"; write ADDRESS:PORT, e.g. 192.0.2.1:53 or [2001:db8::1]:53`);
      return parsed ?? [];
    });
  }

  #number(name: NameServerOptionName, maximum: number): number | undefined {
    const text = this.#text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= maximum) return value;
    this.#faults.push(`${this.#origin(name)} is "${text}"; write a whole number from 1 to ${maximum}`);
    return undefined;
  }
}

/** What was given for an option, and where. */
interface Given {
  readonly values: readonly string[];
  readonly origin: string;
}

function gather(
  args: readonly string[],
  environment: SettingsContext["environment"],
): Partial<Record<NameServerOptionName, Given>> {
  const flags = parseFlags(args);
  const given: Partial<Record<NameServerOptionName, Given>> = {};
  const options: readonly (NameServerOption & { readonly name: NameServerOptionName })[] = nameServerOptions;
  for (const option of options) {
    const flag = flags[flagName(option).slice(2)];
    const variable = environment[option.env];
    if (flag !== undefined) given[option.name] = { values: flag, origin: flagName(option) };
    else if (variable) {
      const values = option.isList === true ? variable.split(",").map((value) => value.trim()) : [variable];
      given[option.name] = { values, origin: option.env };
    } else if (option.default !== undefined)
      given[option.name] = { values: [option.default], origin: flagName(option) };
  }
  return given;
}

function parseFlags(args: readonly string[]): Record<string, string[] | undefined> {
  const options = Object.fromEntries(
    nameServerOptions.map((option) => [flagName(option).slice(2), { type: "string", multiple: true } as const]),
  );
  try {
    return { ...parseArgs({ args: [...args], options, allowPositionals: false }).values };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new StartError("usage", `${message}; mycloud dns serve --help lists the options`, error);
  }
}
