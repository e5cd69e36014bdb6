// Remote writes: stores that get samples as they come.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const remoteWrites = lazyPages(async () => (await import("./remote-write-pages.tsx")).remoteWritePages);
