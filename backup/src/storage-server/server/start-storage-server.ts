import { UnavailableError } from "../../error/index.ts";
import type { StorageServer, StorageServerOptions } from "./storage-server-options.ts";

/** Starts a storage server. Throws InputError for options that cannot be used, and Node's error when it cannot listen. */
export async function startStorageServer(options: StorageServerOptions): Promise<StorageServer> {
  throw new UnavailableError(`not built yet: ${options.listen}`);
}
