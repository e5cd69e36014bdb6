import { LinkLook, MailPromise } from "@mycloud/protocol/registration";
import { Command } from "commander";
import { type ApiClient, createApiClient, parseAnswer, parseServerUrl } from "../client/index.ts";
import { CommandError, flagsOf, printJson, remark, type Terminal } from "../command-line/index.ts";
import { askLine } from "./ask-line.ts";
import { keepLogin } from "./keep-login.ts";
import { readPassword } from "./read-password.ts";
import { completeSignIn } from "./second-step.ts";

interface RegisterFlags {
  readonly server?: string;
  readonly email?: string;
  readonly organisation?: string;
  readonly linkFile?: string;
  readonly name?: string;
  readonly passwordFile?: string;
  readonly codeFile?: string;
  readonly json?: boolean;
}

const loginSeconds = 30 * 86_400;

/** `mycloud register`: asks for an account, and completes a registration or an invitation with the link of the mail. */
export function createRegisterCommand(terminal: Terminal): Command {
  const command = new Command("register")
    .description(
      "Make an account and an organisation: a link comes by mail, and with it you choose a name and a password.",
    )
    .option("--server <URL>", "the control plane's address (env MYCLOUD_SERVER)")
    .option("--email <EMAIL>", "where the link goes; asked for when missing")
    .option("--organisation <TITLE>", "what your organisation is called; asked for when missing")
    .option("--link-file <FILE>", "completes a registration or invitation with the link in FILE's first line")
    .option("--name <NAME>", "your name; asked for when missing")
    .option("--password-file <FILE>", "reads the new password's first line from FILE instead of asking")
    .option("--code-file <FILE>", "reads the code of the second step from FILE instead of asking")
    .option("--json", "print JSON");
  return command.action(async () => {
    const flags = flagsOf<RegisterFlags>(command);
    const address = flags.server ?? terminal.environment.MYCLOUD_SERVER;
    if (!address) throw new CommandError("usage", "where? give --server URL");
    const client = createApiClient({ url: parseServerUrl(address), token: null, source: "login" });
    if (flags.linkFile !== undefined) return complete(terminal, client, flags);
    const email = flags.email ?? (await askLine(terminal, undefined, "E-mail: ", "who? give --email EMAIL"));
    const title =
      flags.organisation ??
      (await askLine(terminal, undefined, "Your organisation: ", "for whom? give --organisation TITLE"));
    const answer = await client.request("POST", "/api/v1/registrations", { body: { email, title } });
    const { message } = parseAnswer(MailPromise, answer);
    if (flags.json) return printJson(terminal, { message });
    await remark(terminal, message);
    if (terminal.stdin.isTTY === true) return complete(terminal, client, flags);
    await remark(terminal, "then: mycloud register --link-file FILE --name NAME --password-file FILE");
  });
}

/** The link is a secret: it comes from a file or is pasted, never from the arguments, which everybody on the machine can read. */
async function complete(terminal: Terminal, client: ApiClient, flags: RegisterFlags): Promise<void> {
  const pasted = await askLine(terminal, flags.linkFile, "Link in the mail: ", "give --link-file FILE");
  const secret = /([\w-]{16,128})\s*$/.exec(pasted)?.[1];
  if (secret === undefined) throw new CommandError("input", "this is no link of a mail; copy the whole of it");
  const look = parseAnswer(LinkLook, await client.request("POST", "/api/v1/links/look", { body: { secret } }));
  if (look.kind !== "registration" && look.kind !== "invitation") {
    throw new CommandError("input", `this link is for another purpose (${look.kind}); open it in a browser`);
  }
  const name = flags.name ?? (await askLine(terminal, undefined, "Your name: ", "give --name NAME"));
  const password = await readPassword(terminal, flags.passwordFile, `New password for ${look.email}: `);
  const path = look.kind === "registration" ? "/api/v1/registrations/complete" : "/api/v1/invitations/accept";
  const response = await client.open(path, { method: "POST", body: { secret, name, password } });
  const session = await completeSignIn(terminal, client, response, flags.codeFile);
  const kept = await keepLogin(terminal, client, session, loginSeconds);
  const { url, email } = kept.credentials;
  const { customer } = session.session.user;
  if (flags.json) return printJson(terminal, { url, email, customer, credentialsFile: kept.path });
  await remark(terminal, `welcome, ${name}: logged in to ${url} as ${email}; kept in ${kept.path}`);
  await remark(terminal, "next: mycloud enrolment create, and type its command on the machine to be watched");
}
