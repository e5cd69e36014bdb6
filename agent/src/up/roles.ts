import { join } from "node:path";
import { rootDirectory } from "../command-line/index.ts";
import { formatListenAddress, type ListenAddress } from "./listen-address.ts";
import { startTethered, type TetheredProcess } from "./tethered-process.ts";
import type { UpSettings } from "./up-settings.ts";

/** What every role gets from the supervisor. */
export interface RoleContext {
  readonly settings: UpSettings;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Starts `mycloud server`. */
export function startServerRole(context: RoleContext, onLine: (line: string) => void): TetheredProcess {
  const { stateDir, http, serverEnvironment } = context.settings;
  return startTethered({
    script: join(rootDirectory, "control-plane/src/main.ts"),
    args: ["server"],
    cwd: rootDirectory,
    env: {
      ...context.environment,
      ...serverEnvironment,
      MYCLOUD_STATE_DIR: stateDir,
      MYCLOUD_HTTP: formatListenAddress(http),
      MYCLOUD_LOG_FORMAT: "json",
    },
    onLine,
  });
}

/** Runs `mycloud agent ...` for this host. */
export function startAgentRole(
  context: RoleContext,
  args: readonly string[],
  extraEnvironment: Readonly<Record<string, string>>,
  onLine: (line: string) => void,
): TetheredProcess {
  const env = { ...context.environment, ...extraEnvironment };
  const { nrpe, agentMetrics } = context.settings;
  return startTethered({
    // As bin/mycloud starts it: it works little, so optimising compilers cost more memory than they save time.
    nodeOptions: ["--max-semi-space-size=1", "--optimize-for-size", "--no-opt", "--no-maglev", "--no-sparkplug"],
    script: join(rootDirectory, "agent/src/main.ts"),
    args: ["agent", ...args],
    cwd: rootDirectory,
    env: {
      ...env,
      MYCLOUD_STATE_DIR: context.settings.stateDir,
      MYCLOUD_NRPE: nrpe === null ? "off" : formatListenAddress(nrpe),
      MYCLOUD_AGENT_METRICS: agentMetrics === null ? "off" : formatListenAddress(agentMetrics),
      MYCLOUD_LOG_FORMAT: "json",
      MALLOC_ARENA_MAX: "1",
      // What only the control plane has to know.
      MYCLOUD_DATABASE_URL: undefined,
      MYCLOUD_ADMIN_PASSWORD: undefined,
      MYCLOUD_NSCA_PASSWORD: undefined,
      MYCLOUD_SERVER: undefined,
    },
    onLine,
  });
}

/** Where `mycloud up` keeps the storage server's state. */
export function storageDirectory({ stateDir }: UpSettings): string {
  return join(stateDir, "storage");
}

/** Where `mycloud up` keeps the public keys of the control plane's tokens, for the storage server. */
export function storageKeysFile({ stateDir }: UpSettings): string {
  return join(stateDir, "storage-keys.json");
}

/** Starts `mycloud storage` on this address. */
export function startStorageRole(
  context: RoleContext,
  listen: ListenAddress,
  onLine: (line: string) => void,
): TetheredProcess {
  const directory = context.environment.MYCLOUD_STORAGE_DIR || storageDirectory(context.settings);
  return startTethered({
    // Bytes pass through it in pieces: a young generation of the usual size would only let garbage lie for longer.
    nodeOptions: ["--max-semi-space-size=2"],
    script: join(rootDirectory, "agent/src/main.ts"),
    args: ["storage"],
    cwd: rootDirectory,
    env: {
      ...context.environment,
      MYCLOUD_STORAGE: formatListenAddress(listen),
      MYCLOUD_STORAGE_DIR: directory,
      // Beside its own and those that somebody named: the control plane's, so that agents come in with the tokens it signs.
      MYCLOUD_STORAGE_TOKEN_KEYS: [
        join(directory, "token-public-key.pem"),
        storageKeysFile(context.settings),
        ...(context.environment.MYCLOUD_STORAGE_TOKEN_KEYS ? [context.environment.MYCLOUD_STORAGE_TOKEN_KEYS] : []),
      ].join(","),
      // Together with the others it has five seconds to end.
      MYCLOUD_STORAGE_CLOSE_TIMEOUT: context.environment.MYCLOUD_STORAGE_CLOSE_TIMEOUT || "1s",
      MYCLOUD_LOG_FORMAT: "json",
      MALLOC_ARENA_MAX: "1",
      MYCLOUD_DATABASE_URL: undefined,
      MYCLOUD_ADMIN_PASSWORD: undefined,
    },
    onLine,
  });
}

/** Where `mycloud up` keeps the token its name server asks the control plane with. */
export function nameServerTokenFile({ stateDir }: UpSettings): string {
  return join(stateDir, "name-server-token");
}

/** Starts `mycloud dns serve` on this address, for the control plane at `url`. */
export function startNameServerRole(
  context: RoleContext,
  url: string,
  listen: ListenAddress,
  onLine: (line: string) => void,
): TetheredProcess {
  const { environment, settings } = context;
  return startTethered({
    nodeOptions: ["--max-semi-space-size=2"],
    script: join(rootDirectory, "dns/src/main.ts"),
    args: [],
    cwd: rootDirectory,
    env: {
      ...environment,
      MYCLOUD_DNS_LISTEN: formatListenAddress(listen),
      MYCLOUD_DNS_SERVER: url,
      MYCLOUD_DNS_TOKEN_FILE: nameServerTokenFile(settings),
      MYCLOUD_DNS_STATE_DIR: environment.MYCLOUD_DNS_STATE_DIR || join(settings.stateDir, "dns"),
      MYCLOUD_LOG_FORMAT: "json",
      MYCLOUD_DATABASE_URL: undefined,
      MYCLOUD_ADMIN_PASSWORD: undefined,
    },
    onLine,
  });
}
