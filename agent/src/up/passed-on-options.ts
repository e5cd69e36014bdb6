/** An option of `mycloud up` that is the control plane's own: it is passed on as it was given, and the control plane says what is wrong with it. */
export interface PassedOnOption {
  readonly flag: string;
  /** The flag in camel case, as commander names it. */
  readonly name: string;
  readonly environment: string;
  readonly description: string;
  /** A relative path starts where the person stands. */
  readonly isPath?: boolean;
}

export const passedOnOptions = [
  {
    flag: "--metrics-url <URL>",
    name: "metricsUrl",
    environment: "MYCLOUD_METRICS_URL",
    description:
      "a Prometheus-compatible server that charts are read from (env MYCLOUD_METRICS_URL; default the database)",
  },
  {
    flag: "--metrics-password-file <FILE>",
    name: "metricsPasswordFile",
    environment: "MYCLOUD_METRICS_PASSWORD_FILE",
    description: "a file with its password or token (env MYCLOUD_METRICS_PASSWORD_FILE)",
    isPath: true,
  },
  {
    flag: "--snmp-trap <HOST:PORT>",
    name: "snmpTrap",
    environment: "MYCLOUD_SNMP_TRAP",
    description: "SNMP traps and informs are taken there, or off (env MYCLOUD_SNMP_TRAP; default off)",
  },
  {
    flag: "--snmp-trap-relays <NETWORKS>",
    name: "snmpTrapRelays",
    environment: "MYCLOUD_SNMP_TRAP_RELAYS",
    description:
      "who may name another device as the one a trap is from: 10.1.0.0/16 (env MYCLOUD_SNMP_TRAP_RELAYS; default nobody)",
  },
  {
    flag: "--snmp-agent <HOST:PORT>",
    name: "snmpAgent",
    environment: "MYCLOUD_SNMP_AGENT",
    description: "states are answered there by SNMP, or off (env MYCLOUD_SNMP_AGENT; default off)",
  },
  {
    flag: "--snmp-agent-credentials-file <FILE>",
    name: "snmpAgentCredentialsFile",
    environment: "MYCLOUD_SNMP_AGENT_CREDENTIALS_FILE",
    description: "a file with the community or user that may ask there (env MYCLOUD_SNMP_AGENT_CREDENTIALS_FILE)",
    isPath: true,
  },
  {
    flag: "--ws-arbiter <HOST:PORT>",
    name: "wsArbiter",
    environment: "MYCLOUD_WS_ARBITER",
    description: "forms of Shinken's ws-arbiter are taken there, or off (env MYCLOUD_WS_ARBITER; default off)",
  },
  {
    flag: "--ws-arbiter-user <NAME>",
    name: "wsArbiterUser",
    environment: "MYCLOUD_WS_ARBITER_USER",
    description: "the user its senders name (env MYCLOUD_WS_ARBITER_USER; default anonymous)",
  },
  {
    flag: "--ws-arbiter-password-file <FILE>",
    name: "wsArbiterPasswordFile",
    environment: "MYCLOUD_WS_ARBITER_PASSWORD_FILE",
    description: "a file with that user's password (env MYCLOUD_WS_ARBITER_PASSWORD_FILE)",
    isPath: true,
  },
  {
    flag: "--command-file <PATH>",
    name: "commandFile",
    environment: "MYCLOUD_COMMAND_FILE",
    description: "a FIFO, made there, that external commands are read from (env MYCLOUD_COMMAND_FILE; default none)",
    isPath: true,
  },
  {
    flag: "--check-result-dir <DIR>",
    name: "checkResultDir",
    environment: "MYCLOUD_CHECK_RESULT_DIR",
    description: "Nagios' check-result files are read from there (env MYCLOUD_CHECK_RESULT_DIR; default none)",
    isPath: true,
  },
  {
    flag: "--passive-register <ON|OFF>",
    name: "passiveRegister",
    environment: "MYCLOUD_PASSIVE_REGISTER",
    description: "whether such results create what nobody defined (env MYCLOUD_PASSIVE_REGISTER; default off)",
  },
  {
    flag: "--livestatus <HOST:PORT>",
    name: "livestatus",
    environment: "MYCLOUD_LIVESTATUS",
    description:
      "Livestatus queries (NagVis, Thruk, Checkmk) are answered there, or off (env MYCLOUD_LIVESTATUS; default off)",
  },
  {
    flag: "--livestatus-socket <PATH>",
    name: "livestatusSocket",
    environment: "MYCLOUD_LIVESTATUS_SOCKET",
    description: "a socket file, made there, for the same (env MYCLOUD_LIVESTATUS_SOCKET; default none)",
    isPath: true,
  },
  {
    flag: "--livestatus-commands <USER>",
    name: "livestatusCommands",
    environment: "MYCLOUD_LIVESTATUS_COMMANDS",
    description:
      "the user as whom Livestatus' commands are carried out, or off (env MYCLOUD_LIVESTATUS_COMMANDS; default off)",
  },
  {
    flag: "--registration <WHO>",
    name: "registration",
    environment: "MYCLOUD_REGISTRATION",
    description:
      "who may make an account: open, invite = who was invited, off (env MYCLOUD_REGISTRATION; default invite)",
  },
  {
    flag: "--forward <HOST:PORT>",
    name: "forward",
    environment: "MYCLOUD_FORWARD",
    description: "logs are taken there by Fluent forward, or off (env MYCLOUD_FORWARD; default 127.0.0.1:24224)",
  },
  {
    flag: "--forward-public <HOST:PORT>",
    name: "forwardPublic",
    environment: "MYCLOUD_FORWARD_PUBLIC",
    description:
      "where agents reach the log receiver (env MYCLOUD_FORWARD_PUBLIC; default where it listens, or that port on the public URL's host)",
  },
  {
    flag: "--syslog <HOST:PORT>",
    name: "syslog",
    environment: "MYCLOUD_SYSLOG",
    description: "logs are taken there by syslog over TCP and UDP, or off (env MYCLOUD_SYSLOG; default 127.0.0.1:5514)",
  },
  {
    flag: "--syslog-tls <HOST:PORT>",
    name: "syslogTls",
    environment: "MYCLOUD_SYSLOG_TLS",
    description: "logs are taken there by syslog over TLS, or off (env MYCLOUD_SYSLOG_TLS; default off)",
  },
  {
    flag: "--syslog-time-zone <ZONE>",
    name: "syslogTimeZone",
    environment: "MYCLOUD_SYSLOG_TIME_ZONE",
    description:
      "the zone of syslog's times that do not say theirs (env MYCLOUD_SYSLOG_TIME_ZONE; default this machine's)",
  },
  {
    flag: "--log-tls-cert <FILE>",
    name: "logTlsCert",
    environment: "MYCLOUD_LOG_TLS_CERT",
    description: "certificate (PEM) for --syslog-tls and --forward, which then is TLS too (env MYCLOUD_LOG_TLS_CERT)",
    isPath: true,
  },
  {
    flag: "--log-tls-key <FILE>",
    name: "logTlsKey",
    environment: "MYCLOUD_LOG_TLS_KEY",
    description: "its private key (PEM) (env MYCLOUD_LOG_TLS_KEY)",
    isPath: true,
  },
  {
    flag: "--log-store-url <URL>",
    name: "logStoreUrl",
    environment: "MYCLOUD_LOG_STORE_URL",
    description: "a ClickHouse that keeps the logs, http://user@host:8123/database (env MYCLOUD_LOG_STORE_URL)",
  },
  {
    flag: "--log-store-password-file <FILE>",
    name: "logStorePasswordFile",
    environment: "MYCLOUD_LOG_STORE_PASSWORD_FILE",
    description: "a file with its password (env MYCLOUD_LOG_STORE_PASSWORD_FILE)",
    isPath: true,
  },
  {
    flag: "--log-keep-days <DAYS>",
    name: "logKeepDays",
    environment: "MYCLOUD_LOG_KEEP_DAYS",
    description: "how long log records are kept (env MYCLOUD_LOG_KEEP_DAYS; default 30)",
  },
  {
    flag: "--log-keep-bytes <BYTES>",
    name: "logKeepBytes",
    environment: "MYCLOUD_LOG_KEEP_BYTES",
    description: "how much is kept of one log source (env MYCLOUD_LOG_KEEP_BYTES; default no limit)",
  },
  {
    flag: "--nsca <HOST:PORT>",
    name: "nsca",
    environment: "MYCLOUD_NSCA",
    description: "results of send_nsca are taken there, or off (env MYCLOUD_NSCA; default off)",
  },
  {
    flag: "--nsca-method <NUMBER>",
    name: "nscaMethod",
    environment: "MYCLOUD_NSCA_METHOD",
    description: "how its senders encrypt: 0, 1, 3, 14 or 16 (env MYCLOUD_NSCA_METHOD; default 14)",
  },
  {
    flag: "--nsca-password-file <FILE>",
    name: "nscaPasswordFile",
    environment: "MYCLOUD_NSCA_PASSWORD_FILE",
    description: "a file with the password they share (env MYCLOUD_NSCA_PASSWORD_FILE, or MYCLOUD_NSCA_PASSWORD)",
    isPath: true,
  },
  {
    flag: "--nsca-senders <LIST>",
    name: "nscaSenders",
    environment: "MYCLOUD_NSCA_SENDERS",
    description: "which addresses may speak for which hosts (env MYCLOUD_NSCA_SENDERS; default this machine, for all)",
  },
  {
    flag: "--alert-host-labels <LABELS>",
    name: "alertHostLabels",
    environment: "MYCLOUD_ALERT_HOST_LABELS",
    description:
      "the labels of which the first that an alert has names its host (env MYCLOUD_ALERT_HOST_LABELS; default host,hostname,instance,node)",
  },
  {
    flag: "--alert-default-host <NAME>",
    name: "alertDefaultHost",
    environment: "MYCLOUD_ALERT_DEFAULT_HOST",
    description: "the host of alerts that have none of them (env MYCLOUD_ALERT_DEFAULT_HOST; default alerts)",
  },
  {
    flag: "--alert-severities <MAP>",
    name: "alertSeverities",
    environment: "MYCLOUD_ALERT_SEVERITIES",
    description: "states by an alert's label severity: page=CRITICAL,info=OK (env MYCLOUD_ALERT_SEVERITIES)",
  },
  {
    flag: "--alert-resolve-seconds <SECONDS>",
    name: "alertResolveSeconds",
    environment: "MYCLOUD_ALERT_RESOLVE_SECONDS",
    description: "how long an alert goes on when it is not sent again (env MYCLOUD_ALERT_RESOLVE_SECONDS; default 300)",
  },
  {
    flag: "--outgoing-networks <NETWORKS>",
    name: "outgoingNetworks",
    environment: "MYCLOUD_OUTGOING_NETWORKS",
    description:
      "private networks that webhooks, forwards and the like may reach: 10.1.0.0/16,127.0.0.1 (env MYCLOUD_OUTGOING_NETWORKS; default none)",
  },
] as const satisfies readonly PassedOnOption[];

/** What was given of them, by the option's name. */
export type PassedOnFlags = { readonly [Name in (typeof passedOnOptions)[number]["name"]]?: string };

/** They as the control plane's environment. Pure. */
export function environmentOf(flags: PassedOnFlags, resolvePath: (path: string) => string): Record<string, string> {
  const options: readonly (PassedOnOption & { readonly name: keyof PassedOnFlags })[] = passedOnOptions;
  return Object.fromEntries(
    options.flatMap(({ name, environment, isPath }) => {
      const value = flags[name];
      return value ? [[environment, isPath ? resolvePath(value) : value]] : [];
    }),
  );
}
