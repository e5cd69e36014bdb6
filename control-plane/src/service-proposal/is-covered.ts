import type { DiscoveredThing } from "@mycloud/protocol/service-proposal";

/** A service of the host, as far as it tells what it watches. `command` is null for a passive one. */
export interface WatchingService {
  readonly name: string;
  readonly command: string | null;
  readonly arguments: readonly string[];
}

/** How a host may be called in arguments. */
export interface HostNames {
  readonly name: string;
  readonly address: string | null;
}

const portsOfCommands: Readonly<Record<string, string>> = {
  ssh: "22",
  smtp: "25",
  http: "80",
  "tls-certificate": "443",
};
const namesOfPlugins: Readonly<Record<string, string>> = {
  mysql: "mariadb",
  mysql_health: "mariadb",
  ifstatus: "interface",
};

/** Says whether a service of the host watches the thing already, be it by a built-in check or by Nagios' plugin of that kind. Pure. */
export function isCovered(thing: DiscoveredThing, services: readonly WatchingService[], host: HostNames): boolean {
  return services.some((service) => service.name === thing.check.serviceName || watches(thing, service, host));
}

function watches(thing: DiscoveredThing, service: WatchingService, host: HostNames): boolean {
  const { command, args } = wordsOf(service);
  const { kind, key } = thing;
  switch (kind) {
    case "filesystem":
      return command === "disk" && watchesMount(args, key);
    case "interface": {
      const named = valuesOf(args, "-i", "--interface");
      return command === "interface" && (named.length === 0 || named.includes(key));
    }
    case "unit":
      // Without a name the check sees units that failed, not ones that were stopped.
      return (
        command === "systemd" &&
        valuesOf(args, "-u", "--unit").some((unit) => unit === key || `${unit}.service` === key)
      );
    case "port":
      return command !== "tls-certificate" && isHere(args, host) && portOf(command, args) === key;
    case "database": {
      if (command === key) return isHere(args, host);
      const at = thing.check.arguments.indexOf("-p");
      return (
        at >= 0 && command === "tcp" && isHere(args, host) && portOf(command, args) === thing.check.arguments[at + 1]
      );
    }
    case "snmp-device":
      return command === "snmp-uptime" && isHere(args, host);
    case "snmp-processor":
      return command === "snmp-load" && isHere(args, host);
    case "snmp-ups":
    case "snmp-printer":
      return command === kind && isHere(args, host);
    case "snmp-interface": {
      const named = valuesOf(args, "-i", "--interface").map(unescapeMacro);
      return command === kind && isHere(args, host) && (named.length === 0 || named.includes(key));
    }
    case "snmp-storage": {
      const named = valuesOf(args, "-n", "--name").map(unescapeMacro);
      return command === kind && isHere(args, host) && (named.length === 0 || named.includes(key));
    }
    case "certificate": {
      if (command !== "tls-certificate") return false;
      const [port, name] = key.split(" ");
      if (portOf(command, args) !== port) return false;
      if (name === undefined) return isHere(args, host);
      return [...valuesOf(args, "-n", "--name"), ...valuesOf(args, "-H", "--hostname")].includes(name);
    }
  }
}

/** A service's check by the name of the built-in one, also where Nagios' plugin does its work. */
function wordsOf(service: WatchingService): { readonly command: string; readonly args: readonly string[] } {
  if (service.command !== "external") return { command: service.command ?? "", args: service.arguments };
  const at = service.arguments.findIndex((word) => /(^|\/)check_\w+(\.\w+)?$/.test(word));
  const [, plugin = ""] = /check_(\w+)(?:\.\w+)?$/.exec(service.arguments[at] ?? "") ?? [];
  return { command: namesOfPlugins[plugin] ?? plugin, args: service.arguments.slice(at + 1) };
}

function watchesMount(args: readonly string[], mountPoint: string): boolean {
  const excluded = [...valuesOf(args, "-x", "--exclude-device"), ...valuesOf(args, "-x", "--exclude_device")];
  if (excluded.includes(mountPoint)) return false;
  const paths = [...valuesOf(args, "-p", "--path"), ...valuesOf(args, "-p", "--partition")].map(unescapeMacro);
  if (paths.includes(mountPoint)) return true;
  const picks = /^(-[rRIi]|--(ereg|eregi)-(path|partition)|--ignore-.*|--include-type.*|-N)/;
  return paths.length === 0 && !args.some((word) => picks.test(word));
}

function portOf(command: string, args: readonly string[]): string | undefined {
  const [port = portsOfCommands[command]] = [
    ...valuesOf(args, "-p", "--port"),
    ...(command === "mariadb" ? valuesOf(args, "-P", "--port") : []),
  ];
  return port;
}

/** Whether a check asks this host and not another. */
function isHere(args: readonly string[], { name, address }: HostNames): boolean {
  const [asked] = valuesOf(args, "-H", "--hostname");
  if (asked === undefined || /^\$HOST(NAME|ADDRESS)\$$/i.test(asked)) return true;
  return asked === name || asked === address || asked === "localhost" || asked === "::1" || asked.startsWith("127.");
}

/** Values of an option in any of the ways to write it: `-p /`, `-p/`, `--path /`, `--path=/`. */
function valuesOf(args: readonly string[], short: string, long: string): string[] {
  return args.flatMap((word, at) => {
    if (word === short || word === long) return args[at + 1] ?? [];
    if (word.startsWith(`${long}=`)) return word.slice(long.length + 1);
    return word.startsWith(short) && !word.startsWith("--") ? word.slice(short.length) : [];
  });
}

function unescapeMacro(text: string): string {
  return text.replaceAll("$$", "$");
}
