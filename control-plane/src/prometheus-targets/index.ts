// What Prometheus is to scrape (http_sd): agents that answer, hosts that push, and the control plane itself, with the labels of their hosts.
export * from "./routes.ts";
