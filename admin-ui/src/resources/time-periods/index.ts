// Time periods: when checks run and people are told.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const timePeriods = lazyPages(async () => (await import("./time-period-pages.tsx")).timePeriodPages);
