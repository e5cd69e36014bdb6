/** Where discovery looks; tests pass a recorded host. */
export interface DiscoverySources {
  readonly procRoot: string;
  readonly sysRoot: string;
  /** Where certbot keeps a folder for each certificate. */
  readonly letsEncryptRoot: string;
  readonly systemctl: string;
  /** Unix sockets that a MariaDB or MySQL server may listen on. */
  readonly databaseSockets: readonly string[];
}

/** The host that this process runs on. */
export const hostSources: DiscoverySources = {
  procRoot: "/proc",
  sysRoot: "/sys",
  letsEncryptRoot: "/etc/letsencrypt/live",
  systemctl: "systemctl",
  databaseSockets: ["/run/mysqld/mysqld.sock", "/var/lib/mysql/mysql.sock"],
};
