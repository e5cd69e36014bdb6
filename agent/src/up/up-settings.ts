import { CommandError, defaultStateDirectory, resolveFrom, type Terminal } from "../command-line/index.ts";
import { type ListenAddress, parseListenAddress } from "./listen-address.ts";
import { environmentOf, type PassedOnFlags } from "./passed-on-options.ts";

/** What `mycloud up` was asked for. */
export interface UpFlags extends PassedOnFlags {
  readonly stateDir?: string;
  readonly http?: string;
  readonly storage?: string;
  readonly dns?: string;
  readonly nrpe?: string;
  readonly agentMetrics?: string;
  readonly json?: boolean;
}

export interface UpSettings {
  readonly stateDir: string;
  readonly http: ListenAddress;
  /** Where the storage server listens; null when it is off. */
  readonly storage: ListenAddress | null;
  /** Whether somebody asked for that address; the default one may be taken by another program, and nobody minds. */
  readonly isStorageAsked: boolean;
  /** Where the name server answers; null when it is off. */
  readonly dns: ListenAddress | null;
  /** Whether somebody asked for that address, as of the storage server. */
  readonly isDnsAsked: boolean;
  /** What is passed on to the control plane as it was given, by variable; it says what is wrong with it. */
  readonly serverEnvironment: Readonly<Record<string, string>>;
  /** Where the agent answers check_nrpe; null when it does not. */
  readonly nrpe: ListenAddress | null;
  /** Where the agent tells metrics; null when it does not. */
  readonly agentMetrics: ListenAddress | null;
  /** Whether somebody asked for that address, as of the storage server. */
  readonly isAgentMetricsAsked: boolean;
  /** Logs as the processes write them, JSON a line. */
  readonly isRaw: boolean;
}

function parseAddressOrOff(text: string, origin: string): ListenAddress | null {
  return text.toLowerCase() === "off"
    ? null
    : parseListenAddress(text, origin, "HOST:PORT or off, e.g. 127.0.0.1:8081");
}

/** Flag, then environment, then default; paths resolve against where the person stands. Throws CommandError. */
export function upSettings(flags: UpFlags, terminal: Pick<Terminal, "environment" | "workingDirectory">): UpSettings {
  const { MYCLOUD_STATE_DIR, MYCLOUD_HTTP, MYCLOUD_STORAGE } = terminal.environment;
  const given = flags.stateDir ?? (MYCLOUD_STATE_DIR || undefined);
  if (given === "") throw new CommandError("configuration", "--state-dir is empty; name a directory");
  const stateDir = given === undefined ? defaultStateDirectory() : resolveFrom(terminal.workingDirectory, given);
  const http = flags.http
    ? parseListenAddress(flags.http, "--http")
    : parseListenAddress(MYCLOUD_HTTP || "127.0.0.1:8080", "MYCLOUD_HTTP");
  const storage = flags.storage
    ? parseAddressOrOff(flags.storage, "--storage")
    : parseAddressOrOff(MYCLOUD_STORAGE || "127.0.0.1:8081", "MYCLOUD_STORAGE");
  const isStorageAsked = Boolean(flags.storage || MYCLOUD_STORAGE);
  const { MYCLOUD_DNS } = terminal.environment;
  const dns = flags.dns
    ? parseAddressOrOff(flags.dns, "--dns")
    : parseAddressOrOff(MYCLOUD_DNS || "127.0.0.1:5300", "MYCLOUD_DNS");
  const isDnsAsked = Boolean(flags.dns || MYCLOUD_DNS);
  const serverEnvironment = environmentOf(flags, (path) => resolveFrom(terminal.workingDirectory, path));
  const nrpe = flags.nrpe
    ? parseAddressOrOff(flags.nrpe, "--nrpe")
    : parseAddressOrOff(terminal.environment.MYCLOUD_NRPE || "off", "MYCLOUD_NRPE");
  const { MYCLOUD_AGENT_METRICS } = terminal.environment;
  const agentMetrics = flags.agentMetrics
    ? parseAddressOrOff(flags.agentMetrics, "--agent-metrics")
    : parseAddressOrOff(MYCLOUD_AGENT_METRICS || "127.0.0.1:9273", "MYCLOUD_AGENT_METRICS");
  const isAgentMetricsAsked = Boolean(flags.agentMetrics || MYCLOUD_AGENT_METRICS);
  return {
    stateDir,
    http,
    storage,
    isStorageAsked,
    dns,
    isDnsAsked,
    serverEnvironment,
    nrpe,
    agentMetrics,
    isAgentMetricsAsked,
    isRaw: flags.json === true,
  };
}
