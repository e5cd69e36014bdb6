import { z } from "zod";
import { CustomerTitle } from "../customer/index.ts";
import { EmailAddress } from "../name/index.ts";
import { Password } from "../user/index.ts";

/** Who may come in by themselves: nobody (`off`), whom somebody invited (`invite`), everybody with an e-mail address (`open`). */
export const RegistrationPolicy = z.enum(["off", "invite", "open"]);
export type RegistrationPolicy = z.infer<typeof RegistrationPolicy>;

/** GET /api/v1/sign-in-options: what the sign-in page offers. */
export const SignInOptions = z.object({ registration: RegistrationPolicy });
export type SignInOptions = z.infer<typeof SignInOptions>;

/** POST /api/v1/registrations: a link is sent there. */
export const RegistrationRequest = z.object({ email: EmailAddress, title: CustomerTitle });
export type RegistrationRequest = z.infer<typeof RegistrationRequest>;

/** What a link in a mail carries. */
export const LinkSecret = z.string().min(16).max(128);

/** POST /api/v1/links/look: what a link is for, so that its page can say so. Using it up is another step. */
export const LinkLookRequest = z.object({ secret: LinkSecret });
export type LinkLookRequest = z.infer<typeof LinkLookRequest>;

export const LinkKind = z.enum(["registration", "invitation", "password-reset", "email-change"]);
export type LinkKind = z.infer<typeof LinkKind>;

export const LinkLook = z.object({
  kind: LinkKind,
  email: z.string(),
  /** The organisation that is made or joined. */
  title: z.string().nullable(),
  expiresAtMs: z.number().int(),
});
export type LinkLook = z.infer<typeof LinkLook>;

/** What people are called: one line. */
export const PersonName = z
  .string()
  .trim()
  .min(1, "name is empty")
  .max(128, "name is longer than 128 characters")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "name has a control character");

/** POST /api/v1/registrations/complete and /api/v1/invitations/accept. */
export const LinkAcceptance = z.object({ secret: LinkSecret, name: PersonName, password: Password });
export type LinkAcceptance = z.infer<typeof LinkAcceptance>;

/** POST /api/v1/password-resets: a link is sent there if the address is somebody's. */
export const PasswordResetRequest = z.object({ email: EmailAddress });
export type PasswordResetRequest = z.infer<typeof PasswordResetRequest>;

/** POST /api/v1/password-resets/complete. */
export const PasswordResetCompletion = z.object({ secret: LinkSecret, password: Password });
export type PasswordResetCompletion = z.infer<typeof PasswordResetCompletion>;

/** The answer where nothing may be learned from the answer. */
export const MailPromise = z.object({ message: z.string() });
export type MailPromise = z.infer<typeof MailPromise>;
