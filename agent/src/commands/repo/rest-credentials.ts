import { readFile } from "node:fs/promises";
import type { RestCredentials } from "@mycloud/backup/backend";
import { resolveFrom, type Terminal } from "../../command-line/index.ts";

/**
 * What to show a REST server whose address names nobody: a capability token from MYCLOUD_REST_TOKEN_FILE (read again when the server refuses
 * it, since it may have been renewed), or restic's RESTIC_REST_USERNAME and RESTIC_REST_PASSWORD; MYCLOUD_REST_PASSWORD_FILE keeps the
 * password out of the environment.
 */
export async function restCredentials(
  terminal: Pick<Terminal, "environment" | "workingDirectory">,
): Promise<RestCredentials | null> {
  const { environment, workingDirectory } = terminal;
  const { MYCLOUD_REST_TOKEN_FILE, MYCLOUD_REST_PASSWORD_FILE, RESTIC_REST_USERNAME, RESTIC_REST_PASSWORD } =
    environment;
  const read = async (path: string) => (await readFile(resolveFrom(workingDirectory, path), "utf8")).trim();
  if (MYCLOUD_REST_TOKEN_FILE) return { token: await read(MYCLOUD_REST_TOKEN_FILE) };
  if (!RESTIC_REST_USERNAME && !RESTIC_REST_PASSWORD && !MYCLOUD_REST_PASSWORD_FILE) return null;
  const password = MYCLOUD_REST_PASSWORD_FILE ? await read(MYCLOUD_REST_PASSWORD_FILE) : (RESTIC_REST_PASSWORD ?? "");
  return { username: RESTIC_REST_USERNAME ?? "", password };
}
