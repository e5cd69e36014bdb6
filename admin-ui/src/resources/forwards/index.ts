// Forwards: results passed on to a monitoring system that already runs.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const forwards = lazyPages(async () => (await import("./forward-pages.tsx")).forwardPages);
