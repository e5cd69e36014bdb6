import { z } from "zod";
import { Organisation } from "../customer/index.ts";
import { EmailAddress } from "../name/index.ts";
import { PersonName } from "../registration/index.ts";
import { Role } from "../user/index.ts";
import { MailPreference } from "./mail-preference.ts";

/** An IANA time zone that this runtime knows: `Europe/Berlin`. */
export const TimeZone = z
  .string()
  .max(64)
  .refine((zone) => {
    try {
      return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
    } catch {
      return false;
    }
  }, "time zone is none of IANA's; write for example Europe/Berlin");

/** GET /api/v1/account: everything about oneself. */
export const Account = z.object({
  id: z.number().int(),
  email: z.string(),
  name: z.string(),
  role: Role,
  /** Mails are dated in it; null = UTC. */
  timeZone: z.string().nullable(),
  isTotpEnabled: z.boolean(),
  isTotpRequired: z.boolean(),
  recoveryCodesLeft: z.number().int(),
  organisation: Organisation.nullable(),
  mailPreferences: z.array(MailPreference),
});
export type Account = z.infer<typeof Account>;

export const AccountUpdate = z.object({ name: PersonName, timeZone: TimeZone.nullable() }).partial();
export type AccountUpdate = z.infer<typeof AccountUpdate>;

const CurrentPassword = z.string().min(1).max(1024);

/** POST /api/v1/account/email-change: the new address counts once its link was used. */
export const EmailChangeRequest = z.object({ email: EmailAddress, currentPassword: CurrentPassword });
export type EmailChangeRequest = z.infer<typeof EmailChangeRequest>;

/** What changes how one signs in needs the password once more. */
export const PasswordConfirmation = z.object({ currentPassword: CurrentPassword });
export type PasswordConfirmation = z.infer<typeof PasswordConfirmation>;

/** Six digits of an authenticator, or one of the recovery codes; spaces and hyphens do not matter. */
export const TotpCode = z.string().trim().min(6).max(40);

/** What an authenticator needs; shown once, as a QR code (of `uri`) and as text. */
export const TotpSetup = z.object({ secret: z.string(), uri: z.string() });
export type TotpSetup = z.infer<typeof TotpSetup>;

export const TotpConfirmation = z.object({ code: TotpCode });
export type TotpConfirmation = z.infer<typeof TotpConfirmation>;

/** Each works once in the place of a code; shown this once. */
export const RecoveryCodes = z.object({ recoveryCodes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof RecoveryCodes>;

/** Where one is signed in. */
export const OwnSession = z.object({
  id: z.string(),
  isThis: z.boolean(),
  address: z.string().nullable(),
  userAgent: z.string().nullable(),
  createdAtMs: z.number().int(),
  lastUsedAtMs: z.number().int(),
  expiresAtMs: z.number().int(),
});
export type OwnSession = z.infer<typeof OwnSession>;
export const OwnSessions = z.object({ sessions: z.array(OwnSession) });
export type OwnSessions = z.infer<typeof OwnSessions>;
