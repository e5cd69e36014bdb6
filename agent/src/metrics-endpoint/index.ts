// Where Prometheus fetches the agent's metrics: GET /metrics in the text format 0.0.4, over HTTP or HTTPS, with a bearer token where a
// file with tokens is given. `request.ts` decides (pure), `secret-files.ts` reads what may change while the agent runs, `serve-metrics.ts`
// listens. It tells nothing but metrics and takes nothing in.
export * from "./secret-files.ts";
export * from "./serve-metrics.ts";
