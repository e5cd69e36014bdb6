/**
 * Mails about accounts: links, warnings, news of one's machines. They wait sealed in a table of their own (a link is a secret), are handed to the
 * mail server that notifications use, and are gone from the table then. What people can do without has a kind that they can turn off, in their
 * account or with one click in the mail (RFC 8058).
 */
export { type AccountMails, createAccountMails } from "./account-mails.ts";
export type { MailContent } from "./mail-content.ts";
export { findPreferences, savePreferences } from "./preference-store.ts";
export { createUnsubscribeRoutes } from "./routes.ts";
export { type AccountMailSender, createAccountMailSender } from "./send-account-mails.ts";
export { type EnrolledMachine, tellEnrolled } from "./tell-enrolled.ts";
export { createUnsubscribeSecrets, type UnsubscribeSecrets } from "./unsubscribe-secret.ts";
