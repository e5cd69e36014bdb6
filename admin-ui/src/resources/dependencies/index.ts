// Dependencies: what is not checked or not told of while something else is broken.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const dependencies = lazyPages(async () => (await import("./dependency-pages.tsx")).dependencyPages);
