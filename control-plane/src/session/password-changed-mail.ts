import type { MailContent } from "../account-mail/index.ts";

/** What somebody is told when their password is another one. Pure. */
export function passwordChangedMail(atMs: number, address: string | null): MailContent {
  return {
    subject: "Your password was changed",
    paragraphs: [
      "The password of your account was changed, and its other sessions were ended.",
      "If it was not you, ask for a new password at once: the link on the sign-in page sends one to this address.",
    ],
    details: [
      ["When", { atMs }],
      ["From", address ?? "unknown"],
    ],
    action: { text: "Ask for a new password", path: "/#/forgotten" },
    kind: null,
  };
}
