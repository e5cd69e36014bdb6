// Metrics pushes: which agents send their metrics, because nobody can scrape them.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const metricsPushes = lazyPages(async () => (await import("./metrics-push-pages.tsx")).metricsPushPages);
