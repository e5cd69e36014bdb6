// Templates: fields that hosts, checks and passive services take over.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const templates = lazyPages(async () => (await import("./template-pages.tsx")).templatePages);
