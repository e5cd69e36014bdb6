// On-call schedules: whose turn it is to be told.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const onCallSchedules = lazyPages(async () => (await import("./on-call-pages.tsx")).onCallPages);
