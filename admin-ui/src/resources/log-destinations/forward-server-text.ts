interface ForwardServer {
  readonly host: string;
  readonly port: number;
  readonly tls: object | null;
  readonly secret: string | null;
  readonly username: string | null;
}

/** Where a Forward server is. Pure. */
export function forwardServerText({ host, port, tls }: ForwardServer): string {
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return tls === null ? address : `${address}, TLS`;
}

/** How one signs in there, without what is secret; null: not at all. Pure. */
export function signInText({ secret, username }: ForwardServer): string | null {
  const ways = [...(secret === null ? [] : ["shared key"]), ...(username === null ? [] : [`user ${username}`])];
  return ways.length === 0 ? null : ways.join(", ");
}
