import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { CommandError, type Terminal } from "../command-line/index.ts";
import { writeFileAtomically } from "../state-directory/index.ts";

/** What `mycloud login` keeps (mode 0600): one control plane and an API token for it. */
export const Credentials = z.object({
  url: z.url(),
  token: z.string().min(1),
  tokenId: z.number().int().nullable(),
  email: z.string().nullable(),
});
export type Credentials = z.infer<typeof Credentials>;

/** `$XDG_CONFIG_HOME/mycloud/credentials.json`, by default below `~/.config`. */
export function credentialsPath(terminal: Terminal): string {
  const base = terminal.environment.XDG_CONFIG_HOME || join(terminal.homeDirectory, ".config");
  return join(base, "mycloud", "credentials.json");
}

/** What an earlier login kept; null when nobody logged in. Throws CommandError when the file cannot be understood. */
export async function readCredentials(terminal: Terminal): Promise<Credentials | null> {
  const path = credentialsPath(terminal);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const parsed = Credentials.safeParse(parseJson(text));
  if (!parsed.success) throw new CommandError("configuration", `${path} is damaged; run mycloud login again`);
  return parsed.data;
}

/** Keeps a login for later commands of this user. */
export async function saveCredentials(terminal: Terminal, credentials: Credentials): Promise<string> {
  const path = credentialsPath(terminal);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomically(path, `${JSON.stringify(credentials, undefined, 2)}\n`, { mode: 0o600 });
  return path;
}

/** Forgets the login. */
export async function removeCredentials(terminal: Terminal): Promise<void> {
  await rm(credentialsPath(terminal), { force: true });
}

/** JSON, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
