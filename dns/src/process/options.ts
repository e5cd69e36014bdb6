/** One setting of `mycloud dns serve`. A flag goes before the environment, that before the default. */
export interface NameServerOption {
  readonly name: string;
  /** As it is written: `--listen <ADDRESS:PORT>`. */
  readonly flag: `--${string}`;
  readonly env: `MYCLOUD_DNS_${string}`;
  readonly description: string;
  readonly default?: string;
  /** For the help, where the value itself says too little. */
  readonly defaultText?: string;
  /** May be given several times; in the environment with commas between. */
  readonly isList?: boolean;
}

/** Every setting. `--help` and docs/configuration.md are made from this table. */
export const nameServerOptions = [
  {
    name: "listen",
    flag: "--listen <ADDRESS:PORT>",
    env: "MYCLOUD_DNS_LISTEN",
    description: "answers there by UDP and TCP; 0.0.0.0 and [::] are all addresses that the machine has at the start",
    default: "127.0.0.1:5300",
    isList: true,
  },
  {
    name: "tlsListen",
    flag: "--tls-listen <ADDRESS:PORT>",
    env: "MYCLOUD_DNS_TLS_LISTEN",
    description: "answers there by DNS over TLS; wants --tls-cert and --tls-key",
    defaultText: "nowhere",
    isList: true,
  },
  {
    name: "tlsCert",
    flag: "--tls-cert <FILE>",
    env: "MYCLOUD_DNS_TLS_CERT",
    description: "the certificate for it with what leads to its authority (PEM); read again on SIGHUP",
  },
  { name: "tlsKey", flag: "--tls-key <FILE>", env: "MYCLOUD_DNS_TLS_KEY", description: "its private key (PEM)" },
  {
    name: "zoneFile",
    flag: "--zone-file <NAME=FILE>",
    env: "MYCLOUD_DNS_ZONE_FILE",
    description: "serves a zone from a zone file (RFC 1035); read again on SIGHUP",
    isList: true,
  },
  {
    name: "configuration",
    flag: "--configuration <FILE>",
    env: "MYCLOUD_DNS_CONFIGURATION",
    description: "zones, keys, views and lists of who may do what, as JSON; read again on SIGHUP",
  },
  {
    name: "server",
    flag: "--server <URL>",
    env: "MYCLOUD_DNS_SERVER",
    description: "the control plane that says what is served, in place of files",
  },
  {
    name: "tokenFile",
    flag: "--token-file <FILE>",
    env: "MYCLOUD_DNS_TOKEN_FILE",
    description: "a file with an API token of scope name-server for it; read again when it changes",
  },
  {
    name: "stateDir",
    flag: "--state-dir <DIR>",
    env: "MYCLOUD_DNS_STATE_DIR",
    description: "the last good copy of zones and configuration is kept there (mode 0600: it has keys in it)",
    defaultText: "var/dns in a clone, else /var/lib/mycloud/dns",
  },
  {
    name: "workers",
    flag: "--workers <NUMBER>",
    env: "MYCLOUD_DNS_WORKERS",
    description: "processes that answer, each with all zones in memory",
    default: "1",
  },
  {
    name: "metrics",
    flag: "--metrics <ADDRESS:PORT>",
    env: "MYCLOUD_DNS_METRICS",
    description: "Prometheus may fetch metrics there at /metrics, or off",
    default: "off",
  },
  {
    name: "queryLog",
    flag: "--query-log <FILE>",
    env: "MYCLOUD_DNS_QUERY_LOG",
    description:
      "queries are logged there, a JSON line each, or - for standard error; opened again when it was renamed",
    defaultText: "standard error, where the configuration asks for a log",
  },
  {
    name: "queryLogOneIn",
    flag: "--query-log-one-in <NUMBER>",
    env: "MYCLOUD_DNS_QUERY_LOG_ONE_IN",
    description: "of how many queries one is logged",
    defaultText: "what the configuration says, else none",
  },
] as const satisfies readonly NameServerOption[];

export type NameServerOptionName = (typeof nameServerOptions)[number]["name"];

/** `--listen` of `--listen <ADDRESS:PORT>`. */
export function flagName(option: NameServerOption): string {
  return option.flag.split(" ")[0] ?? option.flag;
}
