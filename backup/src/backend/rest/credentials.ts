/** What a REST server asks for: a name with a password (HTTP Basic), or a capability token (Bearer). */
export type RestCredentials = { readonly username: string; readonly password: string } | { readonly token: string };

/** Gives the credentials of now; asked again after they were refused, since a token that expired may have been replaced. */
export type ReadCredentials = () => Promise<RestCredentials | null>;

/** Holds the `Authorization` header between requests. */
export interface Authorization {
  header(): Promise<string | null>;
  /** Reads the credentials anew after `refused` was turned down; true when they are others now. */
  renew(refused: string | null): Promise<boolean>;
}

/** Makes an Authorization that reads credentials once and again when they are refused. */
export function createAuthorization(read: ReadCredentials): Authorization {
  let current: Promise<string | null> | null = null;
  const load = async () => toHeader(await read());
  return {
    header: () => {
      current ??= load();
      return current;
    },
    renew: async (refused) => {
      // Several requests are refused at once; the first reads, the others see that it has.
      if ((await current) === refused) current = load();
      return (await current) !== refused;
    },
  };
}

/** The value of the `Authorization` header (RFC 7617, RFC 6750). Pure. */
export function toHeader(credentials: RestCredentials | null): string | null {
  if (credentials === null) return null;
  if ("token" in credentials) return `Bearer ${credentials.token}`;
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`, "utf8").toString("base64")}`;
}
