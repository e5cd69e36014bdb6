// Log forwards: records sent on to an outside system as they come.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const logForwards = lazyPages(async () => (await import("./log-forward-pages.tsx")).logForwardPages);
