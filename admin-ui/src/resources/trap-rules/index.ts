// Trap rules: what a trap of a device says about one of its services.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const trapRules = lazyPages(async () => (await import("./trap-rule-pages.tsx")).trapRulePages);
