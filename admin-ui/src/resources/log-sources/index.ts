// Log sources: which logs of which hosts are read, what becomes of a line, and where records go.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const logSources = lazyPages(async () => (await import("./log-source-pages.tsx")).logSourcePages);
