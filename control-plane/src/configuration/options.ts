/** One setting: where it can be given, and what it means. Flag goes before environment, environment before file, file before default. */
export interface Option {
  /** Also its name in the file. */
  readonly name: string;
  /** As commander writes it; absent where the command line is no place for it, because everybody on the machine can read it. */
  readonly flag?: `--${string}`;
  readonly environment: `MYCLOUD_${string}`;
  readonly description: string;
  /** For the help; the value itself is in the schema. */
  readonly defaultText?: string;
}

/** Every setting of `mycloud server`. `--help` and the documentation are made from this table. */
export const options = [
  {
    name: "stateDir",
    flag: "--state-dir <DIR>",
    environment: "MYCLOUD_STATE_DIR",
    description: "where the database, the operator's token and server.json are kept",
    defaultText: "./var in a clone, else /var/lib/mycloud",
  },
  {
    name: "http",
    flag: "--http <HOST:PORT>",
    environment: "MYCLOUD_HTTP",
    description: "where console and API listen; port 0 takes a free one",
    defaultText: "127.0.0.1:8080",
  },
  {
    name: "databaseUrl",
    flag: "--database-url <URL>",
    environment: "MYCLOUD_DATABASE_URL",
    description: "mariadb://user:password@host:port/database",
    defaultText: "SQLite in the state directory",
  },
  {
    name: "adminEmail",
    flag: "--admin-email <ADDRESS>",
    environment: "MYCLOUD_ADMIN_EMAIL",
    description: "the first administrator's e-mail address",
    defaultText: "admin@localhost",
  },
  {
    name: "adminPassword",
    environment: "MYCLOUD_ADMIN_PASSWORD",
    description: "the first administrator's password, 12 characters or more",
    defaultText: "made up, and written to admin-password in the state directory",
  },
  {
    name: "publicUrl",
    flag: "--public-url <URL>",
    environment: "MYCLOUD_PUBLIC_URL",
    description: "where people reach the console, for links in mails; https here makes cookies secure",
    defaultText: "the address it listens at",
  },
  {
    name: "trustProxy",
    flag: "--trust-proxy <PROXIES>",
    environment: "MYCLOUD_TRUST_PROXY",
    description: "whose X-Forwarded-* headers count: a number of proxies, or addresses and networks with commas",
    defaultText: "nobody's",
  },
  {
    name: "smtpUrl",
    flag: "--smtp-url <URL>",
    environment: "MYCLOUD_SMTP_URL",
    description: "where mail is handed over: smtp://user@host:port, smtps:// for TLS from the start",
    defaultText: "smtp://127.0.0.1:25",
  },
  {
    name: "smtpPasswordFile",
    flag: "--smtp-password-file <FILE>",
    environment: "MYCLOUD_SMTP_PASSWORD_FILE",
    description: "a file that holds the password for it",
  },
  {
    name: "mailFrom",
    flag: "--mail-from <ADDRESS>",
    environment: "MYCLOUD_MAIL_FROM",
    description: "the sender of mails",
    defaultText: "mycloud@ and this machine's name",
  },
  {
    name: "masterKeyFile",
    flag: "--master-key-file <FILE>",
    environment: "MYCLOUD_MASTER_KEY_FILE",
    description:
      "32 bytes in base64 that secrets in the database are sealed with; several control planes need the same",
    defaultText: "master-key in the state directory, made at the first start",
  },
  {
    name: "wsArbiter",
    flag: "--ws-arbiter <HOST:PORT>",
    environment: "MYCLOUD_WS_ARBITER",
    description: "where forms of Shinken's ws-arbiter are taken, or off",
    defaultText: "off",
  },
  {
    name: "wsArbiterUser",
    flag: "--ws-arbiter-user <NAME>",
    environment: "MYCLOUD_WS_ARBITER_USER",
    description: "who its senders sign in as; anonymous takes everybody, on an address of this machine only",
    defaultText: "anonymous",
  },
  {
    name: "wsArbiterPasswordFile",
    flag: "--ws-arbiter-password-file <FILE>",
    environment: "MYCLOUD_WS_ARBITER_PASSWORD_FILE",
    description: "a file that holds the password for it",
  },
  {
    name: "commandFile",
    flag: "--command-file <PATH>",
    environment: "MYCLOUD_COMMAND_FILE",
    description: "a FIFO, made there, that external commands are read from; whoever may write to it may command",
  },
  {
    name: "checkResultDir",
    flag: "--check-result-dir <DIR>",
    environment: "MYCLOUD_CHECK_RESULT_DIR",
    description: "a directory that Nagios' check-result files are read from and deleted in",
  },
  {
    name: "passiveRegister",
    flag: "--passive-register <ON|OFF>",
    environment: "MYCLOUD_PASSIVE_REGISTER",
    description: "whether results that come in by these ways create hosts and services nobody defined",
    defaultText: "off",
  },
  {
    name: "nsca",
    flag: "--nsca <HOST:PORT>",
    environment: "MYCLOUD_NSCA",
    description: "where results of send_nsca are taken, or off",
    defaultText: "off",
  },
  {
    name: "nscaMethod",
    flag: "--nsca-method <NUMBER>",
    environment: "MYCLOUD_NSCA_METHOD",
    description: "how its senders encrypt: 0 not, 1 XOR, 3 3DES, 14 AES-256, 16 Rijndael-256",
    defaultText: "14",
  },
  {
    name: "nscaPassword",
    environment: "MYCLOUD_NSCA_PASSWORD",
    description: "the password its senders share",
  },
  {
    name: "nscaPasswordFile",
    flag: "--nsca-password-file <FILE>",
    environment: "MYCLOUD_NSCA_PASSWORD_FILE",
    description: "a file that holds it",
  },
  {
    name: "nscaSenders",
    flag: "--nsca-senders <LIST>",
    environment: "MYCLOUD_NSCA_SENDERS",
    description: "which addresses may speak for which hosts: 10.0.0.0/8=web*,db*; 192.0.2.7=*",
    defaultText: "this machine, for all",
  },
  {
    name: "nscaMaxAge",
    flag: "--nsca-max-age <SECONDS>",
    environment: "MYCLOUD_NSCA_MAX_AGE",
    description: "how long after its greeting a connection's results are taken",
    defaultText: "30",
  },
  {
    name: "alertHostLabels",
    flag: "--alert-host-labels <LABELS>",
    environment: "MYCLOUD_ALERT_HOST_LABELS",
    description: "the labels, with commas, of which the first that an alert has names its host; a port is left out",
    defaultText: "host,hostname,instance,node",
  },
  {
    name: "alertDefaultHost",
    flag: "--alert-default-host <NAME>",
    environment: "MYCLOUD_ALERT_DEFAULT_HOST",
    description: "the host of alerts that have none of these labels",
    defaultText: "alerts",
  },
  {
    name: "alertSeverities",
    flag: "--alert-severities <MAP>",
    environment: "MYCLOUD_ALERT_SEVERITIES",
    description: "states by an alert's label severity; an alert with another one, or with none, is CRITICAL",
    defaultText: "critical=CRITICAL,page=CRITICAL,error=CRITICAL,warning=WARNING,info=OK,none=OK",
  },
  {
    name: "alertResolveSeconds",
    flag: "--alert-resolve-seconds <SECONDS>",
    environment: "MYCLOUD_ALERT_RESOLVE_SECONDS",
    description: "how long an alert without an end goes on when it is not sent again (Alertmanager: resolve_timeout)",
    defaultText: "300",
  },
  {
    name: "livestatus",
    flag: "--livestatus <HOST:PORT>",
    environment: "MYCLOUD_LIVESTATUS",
    description:
      "where Livestatus queries (NagVis, Thruk, Checkmk) are answered, or off; whoever reaches it sees everything",
    defaultText: "off",
  },
  {
    name: "livestatusSocket",
    flag: "--livestatus-socket <PATH>",
    environment: "MYCLOUD_LIVESTATUS_SOCKET",
    description: "a socket file, made there with mode 0660, for the same",
  },
  {
    name: "livestatusCommands",
    flag: "--livestatus-commands <USER>",
    environment: "MYCLOUD_LIVESTATUS_COMMANDS",
    description:
      "e-mail address of the user as whom Livestatus' commands are carried out, or off: then it is read-only",
    defaultText: "off",
  },
  {
    name: "outgoingNetworks",
    flag: "--outgoing-networks <NETWORKS>",
    environment: "MYCLOUD_OUTGOING_NETWORKS",
    description: "private networks that webhooks and the like may reach, with commas: 10.1.0.0/16,127.0.0.1",
    defaultText: "none: public addresses only",
  },
  {
    name: "notificationCommandDir",
    flag: "--notification-command-dir <DIR>",
    environment: "MYCLOUD_NOTIFICATION_COMMAND_DIR",
    description: "the programs that contacts' command channels may name, and no others",
    defaultText: "/etc/mycloud/notification-commands",
  },
  {
    name: "registration",
    flag: "--registration <WHO>",
    environment: "MYCLOUD_REGISTRATION",
    description:
      "who may make an account: open = everybody with an e-mail address, invite = who was invited, off = nobody",
    defaultText: "invite",
  },
  {
    name: "forward",
    flag: "--forward <HOST:PORT>",
    environment: "MYCLOUD_FORWARD",
    description: "where logs are taken by Fluent forward, from agents and others, or off",
    defaultText: "127.0.0.1:24224",
  },
  {
    name: "forwardPublic",
    flag: "--forward-public <HOST:PORT>",
    environment: "MYCLOUD_FORWARD_PUBLIC",
    description: "where agents reach the log receiver",
    defaultText: "where it listens, or that port on the public URL's host",
  },
  {
    name: "syslog",
    flag: "--syslog <HOST:PORT>",
    environment: "MYCLOUD_SYSLOG",
    description: "where logs are taken by syslog, over TCP and UDP, or off; only from log senders that are defined",
    defaultText: "127.0.0.1:5514",
  },
  {
    name: "syslogTls",
    flag: "--syslog-tls <HOST:PORT>",
    environment: "MYCLOUD_SYSLOG_TLS",
    description: "where logs are taken by syslog over TLS, or off",
    defaultText: "off",
  },
  {
    name: "syslogTimeZone",
    flag: "--syslog-time-zone <ZONE>",
    environment: "MYCLOUD_SYSLOG_TIME_ZONE",
    description: "the zone of syslog's times that do not say theirs (RFC 3164): Europe/Berlin",
    defaultText: "this machine's",
  },
  {
    name: "logTlsCert",
    flag: "--log-tls-cert <FILE>",
    environment: "MYCLOUD_LOG_TLS_CERT",
    description: "certificate (PEM, with its chain) for --syslog-tls and --forward, which then is TLS too",
  },
  {
    name: "logTlsKey",
    flag: "--log-tls-key <FILE>",
    environment: "MYCLOUD_LOG_TLS_KEY",
    description: "its private key (PEM)",
  },
  {
    name: "logStoreUrl",
    flag: "--log-store-url <URL>",
    environment: "MYCLOUD_LOG_STORE_URL",
    description: "a ClickHouse that keeps the logs, http://user@host:8123/database",
    defaultText: "a folder of its own",
  },
  {
    name: "logStorePasswordFile",
    flag: "--log-store-password-file <FILE>",
    environment: "MYCLOUD_LOG_STORE_PASSWORD_FILE",
    description: "a file that holds its password",
  },
  {
    name: "logKeepDays",
    flag: "--log-keep-days <DAYS>",
    environment: "MYCLOUD_LOG_KEEP_DAYS",
    description: "how long log records are kept",
    defaultText: "30",
  },
  {
    name: "logKeepBytes",
    flag: "--log-keep-bytes <BYTES>",
    environment: "MYCLOUD_LOG_KEEP_BYTES",
    description: "how much is kept of one log source over all hosts; the oldest days go first",
    defaultText: "no limit",
  },
  {
    name: "snmpTrap",
    flag: "--snmp-trap <HOST:PORT>",
    environment: "MYCLOUD_SNMP_TRAP",
    description: "where SNMP traps and informs are taken over UDP, or off; only from devices that have a credential",
    defaultText: "off",
  },
  {
    name: "snmpTrapRelays",
    flag: "--snmp-trap-relays <NETWORKS>",
    environment: "MYCLOUD_SNMP_TRAP_RELAYS",
    description: "who may name another device as the one a trap is from (agent-addr, snmpTrapAddress): 10.1.0.0/16,::1",
    defaultText: "nobody",
  },
  {
    name: "snmpAgent",
    flag: "--snmp-agent <HOST:PORT>",
    environment: "MYCLOUD_SNMP_AGENT",
    description: "where states of hosts and services are answered by SNMP 2c and 3 over UDP, read-only, or off",
    defaultText: "off",
  },
  {
    name: "snmpAgentCredentialsFile",
    flag: "--snmp-agent-credentials-file <FILE>",
    environment: "MYCLOUD_SNMP_AGENT_CREDENTIALS_FILE",
    description:
      "a file with the community or user that may ask there, as mycloud check snmp reads one; it sees everything",
  },
  {
    name: "metricsUrl",
    flag: "--metrics-url <URL>",
    environment: "MYCLOUD_METRICS_URL",
    description:
      "a Prometheus-compatible server that charts read perfdata from, which a remote write feeds: http://user@host:8428",
    defaultText: "the database",
  },
  {
    name: "metricsPasswordFile",
    flag: "--metrics-password-file <FILE>",
    environment: "MYCLOUD_METRICS_PASSWORD_FILE",
    description: "a file that holds its user's password or, where the address names no user, a bearer token",
  },
  {
    name: "logLevel",
    flag: "--log-level <LEVEL>",
    environment: "MYCLOUD_LOG_LEVEL",
    description: "debug, info, warn or error",
    defaultText: "info",
  },
  {
    name: "logFormat",
    flag: "--log-format <FORMAT>",
    environment: "MYCLOUD_LOG_FORMAT",
    description: "json or text",
    defaultText: "text on a terminal, else json",
  },
] as const satisfies readonly Option[];

export type OptionName = (typeof options)[number]["name"];

/** The file that is read when it exists; MYCLOUD_SERVER_CONFIG or --config names another, which then must. */
export const defaultConfigurationFile = "/etc/mycloud/control-plane.yaml";
