/** One option of the storage server: how it is given, and what it means. */
export interface StorageOption {
  readonly name: string;
  /** Environment variable. The flag of a command is made from the name by `flagOf`. */
  readonly env: string;
  readonly description: string;
  /** `size` takes 512K, 16M, 1G, 2T; `duration` takes 30s, 15m, 12h, 7d; `list` is of files, `addresses` of IP addresses and ranges, both separated by commas; `listen` is HOST:PORT. */
  readonly type: "text" | "listen" | "file" | "list" | "addresses" | "number" | "size" | "duration" | "boolean";
  readonly default?: string | number | boolean;
  /** What documents say in place of a default that depends on the machine. */
  readonly defaultText?: string;
}

/** Every option of `mycloud storage`: the command, its documentation and its environment are made from this table. */
export const storageOptions = [
  {
    name: "stateDirectory",
    env: "MYCLOUD_STORAGE_DIR",
    description: "where repositories, trash and the server's own records are kept; one file system",
    type: "text",
    default: "/var/lib/mycloud-storage",
    defaultText: "./var/storage in a clone, else /var/lib/mycloud-storage",
  },
  {
    name: "listen",
    env: "MYCLOUD_STORAGE",
    description: "address and port",
    type: "listen",
    default: "127.0.0.1:8081",
  },
  {
    name: "tlsCertFile",
    env: "MYCLOUD_STORAGE_TLS_CERT",
    description: "certificate chain, PEM; read again within a minute when it changes, and at once on SIGHUP",
    type: "file",
  },
  {
    name: "tlsKeyFile",
    env: "MYCLOUD_STORAGE_TLS_KEY",
    description: "private key of the certificate, PEM",
    type: "file",
  },
  {
    name: "tokenPublicKeyFiles",
    env: "MYCLOUD_STORAGE_TOKEN_KEYS",
    description:
      "public keys (Ed25519; PEM, JWK or JWK set) that capability tokens are verified with; read again when they change",
    type: "list",
  },
  {
    name: "revokedTokensFile",
    env: "MYCLOUD_STORAGE_REVOKED_TOKENS",
    description: "ids (jti) of tokens that are refused, one a line; read again when it changes",
    type: "file",
  },
  {
    name: "passwordFile",
    env: "MYCLOUD_STORAGE_PASSWORD_FILE",
    description: "users and password hashes for stock restic clients; read again when it changes",
    type: "file",
    defaultText: "passwords.json in the state directory",
  },
  {
    name: "isOpen",
    env: "MYCLOUD_STORAGE_NO_AUTH",
    description: "everybody may do everything (--no-auth); only on a loopback address",
    type: "boolean",
    default: false,
  },
  {
    name: "metricsTokenFile",
    env: "MYCLOUD_STORAGE_METRICS_TOKEN_FILE",
    description: "bearer token for /metrics; without one only this machine may read it",
    type: "file",
  },
  {
    name: "reserveBytes",
    env: "MYCLOUD_STORAGE_RESERVE",
    description: "free space that uploads leave alone, so that deletion works",
    type: "size",
    defaultText: "1 % of the file system, at most 1G",
  },
  {
    name: "quotaBytes",
    env: "MYCLOUD_STORAGE_QUOTA",
    description: "bytes a repository may hold when neither token nor password file says; 0 is unlimited",
    type: "size",
    default: 0,
  },
  {
    name: "trashGraceMs",
    env: "MYCLOUD_STORAGE_TRASH_GRACE",
    description: "how long deleted objects are kept, in the server's own running time",
    type: "duration",
    default: "7d",
  },
  {
    name: "scrubBytesPerSecond",
    env: "MYCLOUD_STORAGE_SCRUB_RATE",
    description: "how fast stored objects are read again and compared with their names; 0 turns it off",
    type: "size",
    default: "10M",
  },
  {
    name: "scrubIntervalMs",
    env: "MYCLOUD_STORAGE_SCRUB_INTERVAL",
    description: "least time from the start of one pass over a repository to the start of the next",
    type: "duration",
    default: "1d",
  },
  {
    name: "limitInBytesPerSecond",
    env: "MYCLOUD_STORAGE_LIMIT_IN",
    description: "bandwidth of uploads, all together; 0 is unlimited",
    type: "size",
    default: 0,
  },
  {
    name: "limitOutBytesPerSecond",
    env: "MYCLOUD_STORAGE_LIMIT_OUT",
    description: "bandwidth of downloads, all together; 0 is unlimited",
    type: "size",
    default: 0,
  },
  {
    name: "connectionInBytesPerSecond",
    env: "MYCLOUD_STORAGE_CONNECTION_IN",
    description: "bandwidth of uploads on one connection; 0 is unlimited",
    type: "size",
    default: 0,
  },
  {
    name: "connectionOutBytesPerSecond",
    env: "MYCLOUD_STORAGE_CONNECTION_OUT",
    description: "bandwidth of downloads on one connection; 0 is unlimited",
    type: "size",
    default: 0,
  },
  {
    name: "requestsPerSecond",
    env: "MYCLOUD_STORAGE_REQUESTS_PER_SECOND",
    description: "requests of one client a second, with bursts of twice that; 0 is unlimited",
    type: "number",
    default: 1000,
  },
  {
    name: "trustedProxies",
    env: "MYCLOUD_STORAGE_TRUSTED_PROXY",
    description:
      "addresses or ranges (10.0.0.0/8) of proxies whose X-Forwarded-For says who asks, for limits and the log; of others it is passed over",
    type: "addresses",
  },
  {
    name: "maxUploads",
    env: "MYCLOUD_STORAGE_MAX_UPLOADS",
    description: "uploads that are written at the same time; more wait",
    type: "number",
    default: 64,
  },
  {
    name: "maxConnections",
    env: "MYCLOUD_STORAGE_MAX_CONNECTIONS",
    description: "open connections; more are closed at once",
    type: "number",
    default: 1024,
  },
  {
    name: "maxObjectBytes",
    env: "MYCLOUD_STORAGE_MAX_OBJECT",
    description: "largest object that is taken",
    type: "size",
    default: "1G",
  },
  {
    name: "headerTimeoutMs",
    env: "MYCLOUD_STORAGE_HEADER_TIMEOUT",
    description: "how long the head of a request may take",
    type: "duration",
    default: "20s",
  },
  {
    name: "idleTimeoutMs",
    env: "MYCLOUD_STORAGE_IDLE_TIMEOUT",
    description: "how long a client may move no byte of a body before it is cut off",
    type: "duration",
    default: "30s",
  },
  {
    name: "minBytesPerSecond",
    env: "MYCLOUD_STORAGE_MIN_RATE",
    description: "a client slower than this over 15 s of waiting for it is cut off",
    type: "size",
    default: 512,
  },
  {
    name: "webhookUrl",
    env: "MYCLOUD_STORAGE_WEBHOOK",
    description: "where events (new snapshots, damaged objects) are posted to",
    type: "text",
  },
  {
    name: "webhookSecretFile",
    env: "MYCLOUD_STORAGE_WEBHOOK_SECRET_FILE",
    description: "secret that signs posted events",
    type: "file",
  },
  {
    name: "closeTimeoutMs",
    env: "MYCLOUD_STORAGE_CLOSE_TIMEOUT",
    description: "how long requests under way may take to end when the server is asked to",
    type: "duration",
    default: "10s",
  },
] as const satisfies readonly StorageOption[];
