import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { CommandError, defaultStateDirectory, resolveFrom, type Terminal } from "../command-line/index.ts";
import { parseJson, readCredentials } from "./credentials.ts";

/** Which control plane a person chose by flags; all optional. */
export interface InstanceChoice {
  readonly stateDir?: string;
  readonly server?: string;
  readonly tokenFile?: string;
}

/** A control plane to talk to. */
export interface Instance {
  readonly url: string;
  readonly token: string;
  /** Where address and token came from, for messages. */
  readonly source: string;
}

/** Where a token is from that an earlier `mycloud login` kept. */
export const keptLogin = "the login kept by mycloud login";

/** `<stateDir>/server.json`: where the running instance listens. */
const ServerFile = z.object({ url: z.url(), pid: z.number().int() });

/**
 * Finds the control plane: --server, --state-dir, MYCLOUD_SERVER, MYCLOUD_STATE_DIR, what `mycloud login` kept, the default state
 * directory; the first that is given decides. Throws CommandError that says what to do when there is none.
 */
export async function findInstance(terminal: Terminal, choice: InstanceChoice): Promise<Instance> {
  const { environment } = terminal;
  if (choice.server) return instanceAt(terminal, choice.server, choice);
  if (choice.stateDir) return instanceIn(terminal, resolveFrom(terminal.workingDirectory, choice.stateDir), choice);
  if (environment.MYCLOUD_SERVER) return instanceAt(terminal, environment.MYCLOUD_SERVER, choice);
  if (environment.MYCLOUD_STATE_DIR) {
    return instanceIn(terminal, resolveFrom(terminal.workingDirectory, environment.MYCLOUD_STATE_DIR), choice);
  }
  const credentials = await readCredentials(terminal);
  if (credentials !== null) return { ...credentials, source: keptLogin };
  return instanceIn(terminal, defaultStateDirectory(), choice);
}

async function instanceAt(terminal: Terminal, address: string, choice: InstanceChoice): Promise<Instance> {
  const url = parseServerUrl(address);
  const given = await readGivenToken(terminal, choice);
  if (given !== null) return { url, token: given, source: url };
  const credentials = await readCredentials(terminal);
  if (credentials?.url === url) return { url, token: credentials.token, source: keptLogin };
  throw new CommandError(
    "notAllowed",
    `no token for ${url}; run mycloud login --server ${url}, or give --token-file FILE`,
  );
}

async function instanceIn(terminal: Terminal, stateDir: string, choice: InstanceChoice): Promise<Instance> {
  const file = ServerFile.safeParse(parseJson(await readOrEmpty(join(stateDir, "server.json"))));
  if (!file.success) {
    throw new CommandError(
      "unavailable",
      `no control plane has run on ${stateDir}; start one with mycloud up, name another with --state-dir DIR, or log in with mycloud login --server URL`,
    );
  }
  const given = await readGivenToken(terminal, choice);
  const path = join(stateDir, "operator-token");
  const token = given ?? (await readTokenFile(path));
  return { url: withoutTrailingSlash(file.data.url), token, source: stateDir };
}

async function readGivenToken(terminal: Terminal, choice: InstanceChoice): Promise<string | null> {
  const path = choice.tokenFile ?? terminal.environment.MYCLOUD_TOKEN_FILE;
  return path ? readTokenFile(resolveFrom(terminal.workingDirectory, path)) : null;
}

/** Reads a token from a file; throws CommandError when it cannot be read or is empty. */
async function readTokenFile(path: string): Promise<string> {
  let token: string;
  try {
    token = (await readFile(path, "utf8")).trim();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const why = code === "ENOENT" ? "does not exist" : `cannot be read by this user (${code})`;
    throw new CommandError("notAllowed", `the token file ${path} ${why}`, { cause: error });
  }
  if (token === "") throw new CommandError("notAllowed", `the token file ${path} is empty`);
  return token;
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return "";
    throw error;
  }
}

/** A control plane's address as people write it: http(s) only, without a trailing slash. Throws CommandError. */
export function parseServerUrl(text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol)) {
    throw new CommandError(
      "usage",
      `the server's address "${text}" is no URL; write it as https://mycloud.example.org`,
    );
  }
  return withoutTrailingSlash(parsed.href);
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
