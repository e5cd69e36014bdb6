import { performance } from "node:perf_hooks";
import { InputError } from "../../error/index.ts";
import { parseTrustedProxies } from "../request/index.ts";
import type { CertificateFiles } from "./certificate.ts";
import { isLoopback, parseListen } from "./listen-address.ts";
import type { StorageServerOptions } from "./storage-server-options.ts";

type Defaulted = Required<
  Pick<
    StorageServerOptions,
    | "isOpen"
    | "tokenPublicKeyFiles"
    | "trustedProxies"
    | "quotaBytes"
    | "trashGraceMs"
    | "scrubBytesPerSecond"
    | "scrubIntervalMs"
    | "limitInBytesPerSecond"
    | "limitOutBytesPerSecond"
    | "connectionInBytesPerSecond"
    | "connectionOutBytesPerSecond"
    | "requestsPerSecond"
    | "maxUploads"
    | "maxConnections"
    | "maxObjectBytes"
    | "headerTimeoutMs"
    | "idleTimeoutMs"
    | "minBytesPerSecond"
    | "closeTimeoutMs"
    | "monotonicNow"
  >
>;

/** Options with every default in its place. */
export type ResolvedOptions = Omit<StorageServerOptions, keyof Defaulted | "tlsCertFile" | "tlsKeyFile"> &
  Defaulted & {
    /** Null without TLS. */
    readonly certificateFiles: CertificateFiles | null;
  };

const secondMs = 1000;
const dayMs = 24 * 3600 * secondMs;
const mebibyte = 1024 ** 2;

const defaults = {
  isOpen: false,
  tokenPublicKeyFiles: [],
  trustedProxies: [],
  quotaBytes: 0,
  trashGraceMs: 7 * dayMs,
  scrubBytesPerSecond: 10 * mebibyte,
  scrubIntervalMs: dayMs,
  limitInBytesPerSecond: 0,
  limitOutBytesPerSecond: 0,
  connectionInBytesPerSecond: 0,
  connectionOutBytesPerSecond: 0,
  requestsPerSecond: 1000,
  maxUploads: 64,
  maxConnections: 1024,
  maxObjectBytes: 1024 * mebibyte,
  headerTimeoutMs: 20 * secondMs,
  idleTimeoutMs: 30 * secondMs,
  minBytesPerSecond: 512,
  closeTimeoutMs: 10 * secondMs,
  monotonicNow: () => performance.now(),
} satisfies Defaulted;

/** Fills in defaults and refuses what cannot be, every fault at once. Throws InputError. Pure. */
export function resolveOptions(options: StorageServerOptions): ResolvedOptions {
  const resolved = { ...defaults, ...options };
  const faults: string[] = [];
  const listen = parseListen(options.listen);
  if (resolved.isOpen && !isLoopback(listen.host))
    faults.push(`without authentication it listens on a loopback address only, not on "${listen.host}"`);
  if ((options.tlsCertFile === undefined) !== (options.tlsKeyFile === undefined))
    faults.push("a TLS certificate and its key are given together");
  for (const [name, value] of Object.entries(resolved)) {
    if (typeof value === "number" && !(Number.isFinite(value) && value >= 0)) faults.push(`${name} is ${value}`);
  }
  for (const name of ["maxUploads", "maxConnections", "maxObjectBytes", "headerTimeoutMs", "idleTimeoutMs"] as const) {
    if (resolved[name] < 1) faults.push(`${name} is ${resolved[name]}; it must be at least 1`);
  }
  if (options.webhookUrl !== undefined && !/^https?:\/\//.test(options.webhookUrl))
    faults.push(`the webhook is "${options.webhookUrl}"; it must start with http:// or https://`);
  try {
    parseTrustedProxies(resolved.trustedProxies);
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  if (faults.length > 0) throw new InputError(faults.join("\n"));
  const { tlsCertFile: certFile, tlsKeyFile: keyFile, ...others } = resolved;
  return {
    ...others,
    certificateFiles: certFile === undefined || keyFile === undefined ? null : { certFile, keyFile },
  };
}
