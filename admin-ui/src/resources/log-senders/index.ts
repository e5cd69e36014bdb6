// Log senders: devices, rsyslogs and fluentds that may send logs here, beside agents.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const logSenders = lazyPages(async () => (await import("./log-sender-pages.tsx")).logSenderPages);
