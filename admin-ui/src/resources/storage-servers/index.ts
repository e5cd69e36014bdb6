// Storage servers: where repositories are.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const storageServers = lazyPages(async () => (await import("./storage-server-pages.tsx")).storageServerPages);
