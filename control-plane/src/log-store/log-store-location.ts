import { InputError } from "../error/index.ts";

/** Where records are kept. */
export type LogStoreLocation = { readonly kind: "sqlite"; readonly directory: string } | ClickHouseLocation;

export interface ClickHouseLocation {
  readonly kind: "clickhouse";
  /** `http://host:port` or `https://host:port`, without credentials. */
  readonly origin: string;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/**
 * Understands `--log-store-url`, `http://user@host:port/database`. The password comes from a file, never from the URL, which turns up in process lists.
 * Throws InputError. Pure.
 */
export function parseLogStoreUrl(text: string, password: string | null): ClickHouseLocation {
  const expected = "write it as http://user@host:8123/database";
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new InputError(`the log store's URL is no http or https URL; ${expected}`);
  }
  if (url.password !== "") throw new InputError("the log store's URL has a password; put it into a file instead");
  const database = decodeURIComponent(url.pathname.slice(1));
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(database)) {
    throw new InputError(`the log store's URL names no database (letters, digits and _); ${expected}`);
  }
  if (url.search !== "" || url.hash !== "") throw new InputError(`the log store's URL has parameters; ${expected}`);
  return {
    kind: "clickhouse",
    origin: url.origin,
    database,
    user: url.username === "" ? "default" : decodeURIComponent(url.username),
    password: password ?? "",
  };
}
