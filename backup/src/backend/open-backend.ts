import { InputError } from "../error/index.ts";
import type { Backend } from "./backend.ts";
import type { BandwidthLimits } from "./limit/index.ts";
import type { ReadCredentials } from "./rest/index.ts";
import { withoutPassword } from "./rest/rest-location.ts";
import type { RetryOptions } from "./retry/index.ts";

export interface OpenBackendOptions {
  /** For `rest:` locations without a user name of their own. */
  readonly readCredentials?: ReadCredentials | undefined;
  /** PEM of the authorities to trust for `rest:https:` instead of the system's. */
  readonly certificateAuthority?: string | undefined;
  /** Bytes a second, or what answers how many at the moment; absent is as fast as it goes. */
  readonly uploadLimit?: number | (() => number) | undefined;
  readonly downloadLimit?: number | (() => number) | undefined;
  /** How many transfers at once; default 5 for `rest:`. */
  readonly connections?: number | undefined;
  readonly retry?: RetryOptions | undefined;
}

/**
 * The backend that a location names: a path (also `local:PATH`), or `rest:http(s)://...`. Touches nothing yet. Throws InputError for
 * kinds of storage there is nothing for, and for locations that cannot be read.
 */
export async function openBackend(location: string, options: OpenBackendOptions = {}): Promise<Backend> {
  const { uploadLimit, downloadLimit } = options;
  const isLimited = uploadLimit !== undefined || downloadLimit !== undefined;
  const limits = isLimited ? await createLimits(uploadLimit, downloadLimit) : undefined;
  // Each kind is loaded when it is asked for: HTTP would cost a backup to a local disk a tenth of its start.
  if (location.startsWith("rest:")) {
    const [{ openRestBackend }, { retryBackend }] = await Promise.all([
      import("./rest/index.ts"),
      import("./retry/index.ts"),
    ]);
    const { readCredentials, certificateAuthority, connections, retry } = options;
    return retryBackend(
      openRestBackend(location, { readCredentials, certificateAuthority, connections, limits }),
      retry,
    );
  }
  const path = localPath(location);
  const local = (await import("./local/index.ts")).openLocalBackend(path);
  return limits === undefined ? local : (await import("./limit/index.ts")).limitBackend(local, limits);
}

type Rate = number | (() => number) | undefined;

async function createLimits(upload: Rate, download: Rate): Promise<BandwidthLimits> {
  const { createTokenBucket } = await import("./limit/index.ts");
  const bucket = (bytesPerSecond: Rate) =>
    bytesPerSecond === undefined ? null : createTokenBucket({ bytesPerSecond });
  return { upload: bucket(upload), download: bucket(download) };
}

function localPath(location: string): string {
  if (location === "")
    throw new InputError("the repository's location is empty; name a directory or rest:http://HOST/PATH/");
  if (location.startsWith("local:")) return location.slice("local:".length);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined) return location;
  if (scheme === "http" || scheme === "https") {
    throw new InputError(
      `"${withoutPassword(location)}": write rest: before the address: rest:${withoutPassword(location)}`,
    );
  }
  if (storageKinds.has(scheme)) {
    throw new InputError(
      `${scheme}: is not supported yet ("${withoutPassword(location)}"); a repository is a directory or rest:http(s)://HOST/PATH/`,
    );
  }
  // A directory may be called `a:b`.
  return location;
}

/** The kinds that restic knows and we do not. */
const storageKinds = new Set(["s3", "b2", "azure", "gs", "swift", "sftp", "rclone"]);
