import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { ApiToken, ApiTokenCreated, type ApiTokenInput } from "@mycloud/protocol/api-token";
import { type ApiClient, listAll, parseAnswer } from "../client/index.ts";
import { CommandError, remark, type Terminal } from "../command-line/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";
import { checkListenAddress, formatListenAddress, type ListenAddress, parseListenAddress } from "./listen-address.ts";
import { nameServerTokenFile, type RoleContext, startNameServerRole } from "./roles.ts";
import { startListening } from "./start-listening.ts";
import type { TetheredProcess } from "./tethered-process.ts";

/** A name server that answers. */
export interface StartedNameServer {
  readonly process: TetheredProcess;
  /** Starts it again, on the same address. */
  readonly start: () => TetheredProcess;
}

const tokenName = "name-server-of-up";

/**
 * Where the name server can answer; null when it is off, or when nobody asked for the default address and another program has it (said so). Throws
 * CommandError when an address that was asked for cannot be had.
 */
export async function nameServerAddress(
  terminal: Pick<Terminal, "stderr">,
  { dns, isDnsAsked }: RoleContext["settings"],
): Promise<ListenAddress | null> {
  if (dns === null) return null;
  try {
    await checkListenAddress(dns, "--dns");
    return dns;
  } catch (error) {
    if (isDnsAsked || !(error instanceof CommandError)) throw error;
    const address = formatListenAddress(dns);
    await remark(
      terminal,
      `mycloud up: ${address} is taken, so no name server is started; --dns HOST:PORT chooses another`,
    );
    return null;
  }
}

/** Starts the name server with a token of its own and waits until it answers. Throws CommandError with its own words when it ends before that. */
export async function startNameServer(
  context: RoleContext,
  client: ApiClient,
  url: string,
  listen: ListenAddress,
  show: (line: string) => void,
  signal: AbortSignal,
): Promise<StartedNameServer> {
  await keepToken(context, client);
  const { found, process } = await startListening({
    what: "the name server",
    start: (onLine) => startNameServerRole(context, url, listen, onLine),
    find: (line) => /"listening":\["udp ([^"]+)"/.exec(line)?.[1],
    show,
    signal,
  });
  const again = parseListenAddress(found, "the name server's address");
  return { process, start: () => startNameServerRole(context, url, again, show) };
}

/** Makes the token anew where there is none, or the control plane does not know it any more. */
async function keepToken(context: RoleContext, client: ApiClient): Promise<void> {
  const file = nameServerTokenFile(context.settings);
  if (existsSync(file) && (await isKnown(client, (await readFile(file, "utf8")).trim()))) return;
  const body: ApiTokenInput = { name: tokenName, scopes: ["name-server"], customer: null, lifetimeSeconds: null };
  const created = parseAnswer(ApiTokenCreated, await client.request("POST", "/api/v1/api-tokens", { body }));
  await writeFileAtomically(file, `${created.token}\n`, { mode: 0o600 });
}

async function isKnown(client: ApiClient, token: string): Promise<boolean> {
  const { rows } = await listAll(client, "/api/v1/api-tokens", { filter: { scope: "name-server" }, limit: 1000 });
  return rows.some((row) => {
    const { prefix } = parseAnswer(ApiToken, row);
    return prefix !== "" && token.startsWith(prefix);
  });
}
