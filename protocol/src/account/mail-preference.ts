import { z } from "zod";

/** Mails that a person can do without. What says that an account was changed is always sent. */
export const MailKind = z.enum([
  "new-login",
  "new-machine",
  "first-backup",
  "rpo-missed",
  "quota-near",
  "drill-failed",
]);
export type MailKind = z.infer<typeof MailKind>;

/** In plain words, for pages and mails. */
export const mailKindTitles = {
  "new-login": "somebody signs in to my account from a new device or place",
  "new-machine": "a machine is enrolled",
  "first-backup": "a machine's first backup is done",
  "rpo-missed": "a machine was not backed up in time",
  "quota-near": "the space for backups runs out",
  "drill-failed": "a trial restore failed",
} as const satisfies Record<MailKind, string>;

export const MailPreference = z.object({ kind: MailKind, isWanted: z.boolean() });
export type MailPreference = z.infer<typeof MailPreference>;

/** PUT /api/v1/account/mail-preferences; kinds that are left out stay. */
export const MailPreferences = z.object({ preferences: z.array(MailPreference).max(MailKind.options.length) });
export type MailPreferences = z.infer<typeof MailPreferences>;

/** POST /api/v1/unsubscriptions: what the link at the end of a mail carries. */
export const UnsubscribeRequest = z.object({ secret: z.string().min(8).max(256) });
export type UnsubscribeRequest = z.infer<typeof UnsubscribeRequest>;
export const Unsubscribed = z.object({ kind: MailKind, email: z.string() });
export type Unsubscribed = z.infer<typeof Unsubscribed>;
