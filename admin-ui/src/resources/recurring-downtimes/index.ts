// Recurring downtimes: planned quiet by a schedule.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const recurringDowntimes = lazyPages(
  async () => (await import("./recurring-downtime-pages.tsx")).recurringDowntimePages,
);
