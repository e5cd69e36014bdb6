/** Takes events: fixed text, data in fields. pino's loggers and the agent's fit. */
export interface StorageLogger {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What a storage server is started with; names, meanings and defaults are those of `storageOptions`. */
export interface StorageServerOptions {
  readonly stateDirectory: string;
  /** HOST:PORT, [IPv6]:PORT; port 0 takes a free one. */
  readonly listen: string;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly tokenPublicKeyFiles?: readonly string[];
  readonly revokedTokensFile?: string;
  readonly passwordFile?: string;
  readonly isOpen?: boolean;
  readonly metricsTokenFile?: string;
  readonly reserveBytes?: number;
  readonly quotaBytes?: number;
  readonly trashGraceMs?: number;
  readonly scrubBytesPerSecond?: number;
  readonly scrubIntervalMs?: number;
  readonly limitInBytesPerSecond?: number;
  readonly limitOutBytesPerSecond?: number;
  readonly connectionInBytesPerSecond?: number;
  readonly connectionOutBytesPerSecond?: number;
  readonly requestsPerSecond?: number;
  /** Addresses and ranges. */
  readonly trustedProxies?: readonly string[];
  readonly maxUploads?: number;
  readonly maxConnections?: number;
  readonly maxObjectBytes?: number;
  readonly headerTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly minBytesPerSecond?: number;
  readonly webhookUrl?: string;
  readonly webhookSecretFile?: string;
  readonly closeTimeoutMs?: number;
  readonly logger: StorageLogger;
  /** Unix time in ms (Date.now). */
  readonly now: () => number;
  /** A clock that never jumps, in ms (performance.now); for trash, limits and time-outs. */
  readonly monotonicNow?: () => number;
}

/** A running storage server. */
export interface StorageServer {
  /** The URL it listens on, with the port really taken: `http://127.0.0.1:8081`. */
  readonly address: string;
  /** Reads every object of every repository now, as fast as it can; resolves with what was found. */
  scrubNow(signal?: AbortSignal): Promise<ScrubResult>;
  /** Looks at once whether the certificate was renewed, which it else does every minute. */
  reload(): Promise<void>;
  /** Stops listening, lets requests under way end (closeTimeoutMs), writes what is to be kept. */
  close(): Promise<void>;
}

/** What reading every object gave. */
export interface ScrubResult {
  readonly objects: number;
  readonly bytes: number;
  readonly bad: readonly {
    readonly repository: string;
    readonly type: string;
    readonly name: string;
    readonly reason: string;
  }[];
}
