import { Command } from "commander";
import { type Credentials, createApiClient, keptLogin, readCredentials, removeCredentials } from "../client/index.ts";
import { CommandError, remark, type Terminal } from "../command-line/index.ts";

/** `mycloud logout`: revokes the kept token and forgets it. */
export function createLogoutCommand(terminal: Terminal): Command {
  const command = new Command("logout").description("Revoke and forget the login that mycloud login kept.");
  return command.action(async () => {
    const credentials = await readCredentials(terminal);
    if (credentials === null) return remark(terminal, "nobody is logged in");
    const isRevoked = await forgetLogin(terminal, credentials);
    await remark(terminal, `logged out of ${credentials.url}`);
    if (!isRevoked) throw new CommandError("failed", "the token could not be revoked there; it expires by itself");
  });
}

/** Forgets a login; false when its token could not be revoked on the control plane. */
export async function forgetLogin(terminal: Terminal, credentials: Credentials): Promise<boolean> {
  await removeCredentials(terminal);
  if (credentials.tokenId === null) return false;
  const client = createApiClient({ ...credentials, source: keptLogin });
  return client.request("DELETE", `/api/v1/api-tokens/${credentials.tokenId}`).then(
    () => true,
    // A token that is refused already is as good as revoked.
    (error: unknown) => error instanceof CommandError && error.code === "MYCLOUD_AUTHENTICATION",
  );
}
