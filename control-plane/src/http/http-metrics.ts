import { Histogram, type Registry } from "prom-client";

export interface HttpMetrics {
  observe(method: string, routePath: string, status: number, seconds: number): void;
}

const knownMethods = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** How long requests take, by route pattern: never by path, of which there is no end. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const duration = new Histogram({
    name: "mycloud_http_request_duration_seconds",
    help: "Time from a request's arrival to the end of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return {
    observe(method, routePath, status, seconds) {
      duration.observe(
        { method: knownMethods.has(method) ? method : "other", route: routePath, status: String(status) },
        seconds,
      );
    },
  };
}
