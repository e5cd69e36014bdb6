import type { PluginOption } from "../plugin/option.ts";
import type { OptionValues } from "../plugin/option-values.ts";
import { UsageError } from "../plugin/usage-error.ts";

/** -4 and -6, which every plugin that connects takes. */
export const FAMILY_OPTIONS = [
  { letter: "4", name: "use-ipv4", description: "connect by IPv4" },
  { letter: "6", name: "use-ipv6", description: "connect by IPv6" },
] as const satisfies readonly PluginOption[];

/** The address family asked for; 0 for whichever the name has. */
export function readFamily(options: OptionValues): 0 | 4 | 6 {
  const [isV4, isV6] = [options.isGiven("use-ipv4"), options.isGiven("use-ipv6")];
  if (isV4 && isV6) throw new UsageError("-4 and -6 exclude each other");
  return isV4 ? 4 : isV6 ? 6 : 0;
}

/** A TCP or UDP port. */
export function readPort(options: OptionValues, name = "port"): number | undefined {
  return options.number(name, { min: 1, max: 65_535, isInteger: true });
}

/** How an address and port are shown: `www.example.org port 443`, `/run/db.sock`. */
export function describeEndpoint(host: string, port: number | undefined): string {
  return port === undefined || host.startsWith("/") ? host : `${host} port ${port}`;
}
