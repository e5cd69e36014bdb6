import { hostname } from "node:os";
import { ApiTokenCreated, type ApiTokenInput, type TokenScope } from "@mycloud/protocol/api-token";
import type { Session } from "@mycloud/protocol/session";
import type { Role } from "@mycloud/protocol/user";
import { type ApiClient, type Credentials, parseAnswer, readCredentials, saveCredentials } from "../client/index.ts";
import type { Terminal } from "../command-line/index.ts";
import { forgetLogin } from "./logout.ts";

const scopesOfRole = {
  viewer: ["read"],
  operator: ["write", "ingest"],
  admin: ["admin", "ingest", "ingest:register"],
} as const satisfies Record<Role, readonly TokenScope[]>;

/** A session in this process: what a browser would keep. */
export interface OpenedSession {
  readonly session: Session;
  readonly cookie: string;
}

/** The cookies that an answer sets, as they are sent back. Pure. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** Creates an API token with a session, ends the session, and keeps the token (0600); answers where. */
export async function keepLogin(
  terminal: Terminal,
  client: ApiClient,
  { session, cookie }: OpenedSession,
  lifetimeSeconds: number,
): Promise<{ credentials: Credentials; path: string }> {
  const headers = { cookie, "x-csrf-token": session.csrfToken ?? "" };
  const body: ApiTokenInput = {
    name: `${hostname()} login ${new Date(terminal.now()).toISOString().slice(0, 19).replaceAll(":", "-")}`,
    scopes: [...scopesOfRole[session.user.role]],
    customer: session.user.customer,
    lifetimeSeconds,
  };
  let created: ApiTokenCreated;
  try {
    created = parseAnswer(ApiTokenCreated, await client.request("POST", "/api/v1/api-tokens", { body, headers }));
  } finally {
    await client.request("DELETE", "/api/v1/session", { headers }).catch(() => undefined);
  }
  const { url } = client.instance;
  return await replaceLogin(terminal, { url, email: session.user.email, token: created.token, tokenId: created.id });
}

/** Keeps a login in the place of an earlier one, which is revoked. */
export async function replaceLogin(
  terminal: Terminal,
  credentials: Credentials,
): Promise<{ credentials: Credentials; path: string }> {
  const earlier = await readCredentials(terminal).catch(() => null);
  if (earlier !== null) await forgetLogin(terminal, earlier);
  return { credentials, path: await saveCredentials(terminal, credentials) };
}
