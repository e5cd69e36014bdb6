import { hostname } from "node:os";
import { createInterface } from "node:readline/promises";
import { ApiTokenCreated, type ApiTokenInput, type TokenScope } from "@mycloud/protocol/api-token";
import { type LoginRequest, Session } from "@mycloud/protocol/session";
import type { Role } from "@mycloud/protocol/user";
import { Command } from "commander";
import { createApiClient, parseAnswer, parseServerUrl, readCredentials, saveCredentials } from "../client/index.ts";
import { CommandError, durationMs, flagsOf, printJson, remark, type Terminal } from "../command-line/index.ts";
import { forgetLogin } from "./logout.ts";
import { readPassword } from "./read-password.ts";

interface LoginFlags {
  readonly server?: string;
  readonly email?: string;
  readonly passwordFile?: string;
  readonly for: number;
  readonly json?: boolean;
}

const scopesOfRole = {
  viewer: ["read"],
  operator: ["write", "ingest"],
  admin: ["admin", "ingest", "ingest:register"],
} as const satisfies Record<Role, readonly TokenScope[]>;

/** `mycloud login`: exchanges a password for an API token and keeps the token (0600), never the password. */
export function createLoginCommand(terminal: Terminal): Command {
  const command = new Command("login")
    .description("Log in to a control plane elsewhere; later commands of this user go there.")
    .option("--server <URL>", "its address (env MYCLOUD_SERVER)")
    .option("--email <EMAIL>", "who logs in; asked for when missing")
    .option("--password-file <FILE>", "reads the password's first line from FILE instead of asking")
    .option("--for <DURATION>", "the login lasts this long", durationMs, 30 * 86_400_000)
    .option("--json", "print JSON");
  return command.action(async () => {
    const flags = flagsOf<LoginFlags>(command);
    const address = flags.server ?? terminal.environment.MYCLOUD_SERVER;
    if (!address) throw new CommandError("usage", "where? give --server URL");
    const url = parseServerUrl(address);
    const email = flags.email ?? (await askEmail(terminal));
    const password = await readPassword(terminal, flags.passwordFile, `Password for ${email} at ${url}: `);
    const created = await exchange(url, { email, password }, `${hostname()} login`, Math.round(flags.for / 1000));
    const earlier = await readCredentials(terminal).catch(() => null);
    if (earlier !== null) await forgetLogin(terminal, earlier);
    const path = await saveCredentials(terminal, { url, email, token: created.token, tokenId: created.id });
    if (flags.json) return printJson(terminal, { url, email, tokenId: created.id, credentialsFile: path });
    await remark(terminal, `logged in to ${url} as ${email}; kept in ${path}`);
  });
}

async function askEmail(terminal: Terminal): Promise<string> {
  if (terminal.stdin.isTTY !== true) throw new CommandError("usage", "who? give --email EMAIL");
  const lines = createInterface({ input: terminal.stdin, output: terminal.stderr });
  try {
    return (await lines.question("E-mail: ", { signal: terminal.signal })).trim();
  } finally {
    lines.close();
  }
}

/** Opens a session, creates an API token with it, and ends the session. */
async function exchange(
  url: string,
  login: LoginRequest,
  name: string,
  lifetimeSeconds: number,
): Promise<ApiTokenCreated> {
  const client = createApiClient({ url, token: null, source: "login" });
  const opened = await client.open("/api/v1/session", { method: "POST", body: login });
  const session = parseAnswer(Session, await opened.json());
  const cookie = opened.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const headers = { cookie, "x-csrf-token": session.csrfToken ?? "" };
  const body: ApiTokenInput = {
    name: `${name} ${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}`,
    scopes: [...scopesOfRole[session.user.role]],
    customer: session.user.customer,
    lifetimeSeconds,
  };
  try {
    return parseAnswer(ApiTokenCreated, await client.request("POST", "/api/v1/api-tokens", { body, headers }));
  } finally {
    await client.request("DELETE", "/api/v1/session", { headers }).catch(() => undefined);
  }
}
