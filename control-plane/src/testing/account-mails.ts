import { mailSealContext } from "../account-mail/account-mails.ts";
import { MailContent } from "../account-mail/mail-content.ts";
import type { TestApp } from "./test-app.ts";

/** Mails about accounts that wait to be sent to an address, oldest first. A test app has no mail server, so they stay. */
export async function waitingMails(testApp: TestApp, email: string): Promise<MailContent[]> {
  const { core } = testApp.app;
  if (core === null) throw new Error("the app is not started");
  const rows = await core.database.db
    .selectFrom("account_mail")
    .select("content_sealed")
    .where("email", "=", email)
    .orderBy("id")
    .execute();
  return rows.map((row) => MailContent.parse(JSON.parse(core.sealer.open(row.content_sealed, mailSealContext))));
}

/** The secret in the newest link that was mailed to an address. */
export async function newestLink(testApp: TestApp, email: string): Promise<string> {
  const paths = (await waitingMails(testApp, email)).flatMap(({ action }) => (action === null ? [] : [action.path]));
  const secret = /^\/#\/link\/[a-z-]+\/([\w-]{43})$/.exec(paths.at(-1) ?? "")?.[1];
  if (secret === undefined) throw new Error(`no link was mailed to ${email}`);
  return secret;
}
