import { LoginAnswer, type SecondStep, SecondStepAnswer } from "@mycloud/protocol/session";
import { type ApiClient, parseAnswer } from "../client/index.ts";
import { remark, type Terminal, write } from "../command-line/index.ts";
import { askLine } from "./ask-line.ts";
import { cookieOf, type OpenedSession } from "./keep-login.ts";

/** What a sign-in answered, as a session: asks for the code of the second step where there is one, and leads through setting it up. */
export async function completeSignIn(
  terminal: Terminal,
  client: ApiClient,
  response: Response,
  codeFile: string | undefined,
): Promise<OpenedSession> {
  const answer = parseAnswer(LoginAnswer, await response.json());
  if (!("secondStep" in answer)) return { session: answer, cookie: cookieOf(response) };
  if (answer.setup !== null) await showSetup(terminal, answer.setup);
  const code = await askLine(
    terminal,
    codeFile,
    answer.setup === null ? "Code of your authenticator, or a recovery code: " : "Code that it shows now: ",
    "this account has a second step; give --code-file FILE with a code of the authenticator",
  );
  const body = { challenge: answer.challenge, code };
  const second = await client.open("/api/v1/session/second-step", { method: "POST", body });
  const { recoveryCodes, ...session } = parseAnswer(SecondStepAnswer, await second.json());
  if (recoveryCodes !== undefined) {
    await remark(
      terminal,
      "Recovery codes: each signs you in once without the authenticator. They are not shown again.",
    );
    await write(terminal.stderr, `${recoveryCodes.map((each) => `  ${each}`).join("\n")}\n`);
  }
  return { session, cookie: cookieOf(second) };
}

async function showSetup(terminal: Terminal, { secret, uri }: NonNullable<SecondStep["setup"]>): Promise<void> {
  await remark(
    terminal,
    "Your organisation wants a second step. Add this secret to an authenticator (time-based, 6 digits):",
  );
  await write(terminal.stderr, `  ${secret.replaceAll(/(.{4})(?=.)/g, "$1 ")}\n  ${uri}\n`);
}
