import type { Backend } from "../backend.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** Rates of a backend; null is as fast as it goes. */
export interface BandwidthLimits {
  readonly upload: TokenBucket | null;
  readonly download: TokenBucket | null;
}

/**
 * A backend that moves no more bytes a second than the buckets allow, counted by whole files: right on the average. Where the single
 * bytes can be paced (REST), the transport does it instead and this is not needed.
 */
export function limitBackend(backend: Backend, { upload, download }: BandwidthLimits): Backend {
  return {
    location: backend.location,
    connections: backend.connections,
    isRemote: backend.isRemote,
    create: (signal) => backend.create(signal),
    save: async (handle, bytes, signal) => {
      await upload?.take(bytes.byteLength, signal);
      await backend.save(handle, bytes, signal);
    },
    load: async (handle, range, signal) => {
      const bytes = await backend.load(handle, range, signal);
      // Only now is it known how many there are; the next call pays for this one too.
      await download?.take(bytes.byteLength, signal);
      return bytes;
    },
    stat: (handle, signal) => backend.stat(handle, signal),
    list: (type, signal) => backend.list(type, signal),
    remove: (handle, signal) => backend.remove(handle, signal),
    listWanted: (signal) => backend.listWanted(signal),
    close: () => backend.close(),
  };
}
