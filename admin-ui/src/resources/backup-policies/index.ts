// Backup policies: which hosts are backed up, what of them, when, and what is promised.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const backupPolicies = lazyPages(async () => (await import("./policy-pages.tsx")).backupPolicyPages);
