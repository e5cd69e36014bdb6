import { Session } from "@mycloud/protocol/session";
import { Command } from "commander";
import { createApiClient, parseAnswer, parseServerUrl } from "../client/index.ts";
import { CommandError, durationMs, flagsOf, printJson, remark, type Terminal } from "../command-line/index.ts";
import { askLine } from "./ask-line.ts";
import { keepLogin, replaceLogin } from "./keep-login.ts";
import { readPassword } from "./read-password.ts";
import { completeSignIn } from "./second-step.ts";

interface LoginFlags {
  readonly server?: string;
  readonly email?: string;
  readonly passwordFile?: string;
  readonly codeFile?: string;
  readonly tokenFile?: string;
  readonly for: number;
  readonly json?: boolean;
}

/** `mycloud login`: exchanges a password, and the code of a second step, for an API token and keeps the token (0600), never the password. */
export function createLoginCommand(terminal: Terminal): Command {
  const command = new Command("login")
    .description("Log in to a control plane elsewhere; later commands of this user go there.")
    .option("--server <URL>", "its address (env MYCLOUD_SERVER)")
    .option("--email <EMAIL>", "who logs in; asked for when missing")
    .option("--password-file <FILE>", "reads the password's first line from FILE instead of asking")
    .option("--code-file <FILE>", "reads the code of the second step from FILE instead of asking")
    .option("--token-file <FILE>", "keeps the API token in FILE's first line; nothing is asked")
    .option("--for <DURATION>", "the login lasts this long", durationMs, 30 * 86_400_000)
    .option("--json", "print JSON");
  return command.action(async () => {
    const flags = flagsOf<LoginFlags>(command);
    const address = flags.server ?? terminal.environment.MYCLOUD_SERVER;
    if (!address) throw new CommandError("usage", "where? give --server URL");
    const url = parseServerUrl(address);
    const { credentials, path } = await (flags.tokenFile === undefined
      ? withPassword(terminal, url, flags)
      : withToken(terminal, url, flags.tokenFile));
    const { email, tokenId } = credentials;
    if (flags.json) return printJson(terminal, { url, email, tokenId, credentialsFile: path });
    await remark(terminal, `logged in to ${url}${email === null ? "" : ` as ${email}`}; kept in ${path}`);
  });
}

async function withPassword(terminal: Terminal, url: string, flags: LoginFlags) {
  const email = flags.email ?? (await askLine(terminal, undefined, "E-mail: ", "who? give --email EMAIL"));
  const password = await readPassword(terminal, flags.passwordFile, `Password for ${email} at ${url}: `);
  const client = createApiClient({ url, token: null, source: "login" });
  const opened = await client.open("/api/v1/session", { method: "POST", body: { email, password } });
  const session = await completeSignIn(terminal, client, opened, flags.codeFile);
  return await keepLogin(terminal, client, session, Math.round(flags.for / 1000));
}

/** A token that was made in the console. It is looked at before it is kept; `logout` forgets it and leaves it as it is. */
async function withToken(terminal: Terminal, url: string, tokenFile: string) {
  const token = await askLine(
    terminal,
    tokenFile,
    "",
    `the first line of ${tokenFile} is empty; a token is expected there`,
  );
  const client = createApiClient({ url, token, source: tokenFile });
  const { user } = parseAnswer(Session, await client.request("GET", "/api/v1/session"));
  return await replaceLogin(terminal, { url, token, email: user.email, tokenId: null });
}
