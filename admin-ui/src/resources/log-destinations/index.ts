// Log destinations: a fluentd, a Fluent Bit or whatever else speaks Forward, that agents send to by themselves.
import { lazyPages } from "../../definition/lazy-pages.ts";

export const logDestinations = lazyPages(async () => (await import("./log-destination-pages.tsx")).logDestinationPages);
