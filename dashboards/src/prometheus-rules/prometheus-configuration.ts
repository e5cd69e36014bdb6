import { formatYaml } from "./format-rules.ts";
import { jobName } from "./job-name.ts";

/** Where things are, from Prometheus' point of view. */
export interface PrometheusOptions {
  /** The control plane's address: `https://mycloud.example.org`. */
  readonly controlPlane: string;
  /** A file that holds a MyCloud token with the scopes read, ingest and ingest:register. */
  readonly tokenFile: string;
  /** A file that holds the token of the agents' metrics; null: they ask for none. */
  readonly agentTokenFile: string | null;
  /** Addresses of storage servers: `http://backup1.example.org:8081`. */
  readonly storage: readonly string[];
  /** A file that holds the token of the storage servers' metrics; null: they ask for none. */
  readonly storageTokenFile: string | null;
  /** Addresses of name servers' metrics: `http://ns1.example.org:9353`. */
  readonly nameServers: readonly string[];
  /** Certificates (PEM) to trust in place of the machine's own; null: those. */
  readonly certificateAuthorityFile: string | null;
  readonly scrapeIntervalSeconds: number;
  /** From where the configuration is. */
  readonly rulesFile: string;
}

/** A whole configuration for Prometheus 2.28 or newer; its jobs and `alerting` can be copied into one that exists. Throws TypeError for no address. Pure. */
export function formatPrometheusConfiguration(options: PrometheusOptions): string {
  const { tokenFile, agentTokenFile, storage, storageTokenFile, certificateAuthorityFile } = options;
  const { scheme, target, path } = splitAddress(options.controlPlane);
  const interval = `${options.scrapeIntervalSeconds}s`;
  const tls = certificateAuthorityFile === null ? {} : { tls_config: { ca_file: certificateAuthorityFile } };
  const withToken = (file: string | null) =>
    file === null ? tls : { authorization: { type: "Bearer", credentials_file: file }, ...tls };
  const own = { scheme, ...withToken(tokenFile) };
  const prefix = path === "" ? {} : { path_prefix: path };
  const controlPlanes = { static_configs: [{ targets: [target] }] };
  // Agents and the control plane want different tokens, so each kind is a job of its own.
  const discovered = (via: "agent" | "pushed") => ({
    http_sd_configs: [
      {
        url: `${scheme}://${target}${path}/api/v1/prometheus/targets?via=${via}`,
        refresh_interval: "60s",
        ...withToken(tokenFile),
      },
    ],
  });
  const stores = Map.groupBy(storage.map(splitAddress), (one) => one.scheme);
  return formatYaml({
    global: { scrape_interval: interval, evaluation_interval: interval },
    rule_files: [options.rulesFile],
    alerting: { alertmanagers: [{ api_version: "v2", ...prefix, ...own, ...controlPlanes }] },
    scrape_configs: [
      { job_name: jobName.controlPlane, metrics_path: `${path}/metrics`, scheme, ...tls, ...controlPlanes },
      { job_name: jobName.services, metrics_path: `${path}/metrics/services`, ...own, ...controlPlanes },
      { job_name: jobName.hosts, ...discovered("agent"), ...withToken(agentTokenFile) },
      { job_name: jobName.pushedHosts, ...discovered("pushed"), ...withToken(tokenFile) },
      ...Array.from(stores, ([storeScheme, ofScheme], index) => ({
        job_name: index === 0 ? jobName.storage : `${jobName.storage}-${storeScheme}`,
        metrics_path: "/metrics",
        scheme: storeScheme,
        ...withToken(storageTokenFile),
        static_configs: [{ targets: ofScheme.map((one) => one.target) }],
        // One job for people who look, however the servers are reached.
        ...(index === 0 ? {} : { relabel_configs: [{ target_label: "job", replacement: jobName.storage }] }),
      })),
      // Their metrics are plain HTTP, without a token.
      ...(options.nameServers.length === 0
        ? []
        : [
            {
              job_name: jobName.nameServers,
              metrics_path: "/metrics",
              static_configs: [{ targets: options.nameServers.map((one) => splitAddress(one).target) }],
            },
          ]),
    ],
  });
}

/** `https://host:8443/base/` as scheme, target and path; the usual port where it has none. */
function splitAddress(address: string): { scheme: string; target: string; path: string } {
  const { protocol, hostname, port, pathname } = new URL(address);
  const scheme = protocol === "https:" ? "https" : "http";
  return {
    scheme,
    target: `${hostname}:${port === "" ? (scheme === "https" ? "443" : "80") : port}`,
    path: pathname.replace(/\/+$/, ""),
  };
}
