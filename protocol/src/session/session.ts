import { z } from "zod";
import { RecoveryCodes, TotpCode, TotpSetup } from "../account/index.ts";
import { Password, Role } from "../user/index.ts";

/** POST /api/v1/session. */
export const LoginRequest = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(1024) });
export type LoginRequest = z.infer<typeof LoginRequest>;

/**
 * Who is asking; answer of POST and GET /api/v1/session. A browser sends `csrfToken` back as header `X-CSRF-Token` with every
 * request that changes something; it is null when an API token is used.
 */
export const Session = z.object({
  user: z.object({
    id: z.number().int().nullable(),
    name: z.string(),
    email: z.string().nullable(),
    role: Role,
    customer: z.string().nullable(),
  }),
  csrfToken: z.string().nullable(),
  expiresAtMs: z.number().int().nullable(),
});
export type Session = z.infer<typeof Session>;

/**
 * Answer of POST /api/v1/session, with status 202 in place of 200, when the password was right and does not suffice. `totp`: a code is asked for.
 * `totp-setup`: the organisation wants a second step and there is none yet; a code of the authenticator just set up is asked for.
 */
export const SecondStep = z.object({
  secondStep: z.enum(["totp", "totp-setup"]),
  /** For POST /api/v1/session/second-step, until `expiresAtMs`. */
  challenge: z.string(),
  expiresAtMs: z.number().int(),
  setup: TotpSetup.nullable(),
});
export type SecondStep = z.infer<typeof SecondStep>;

export const LoginAnswer = z.union([Session, SecondStep]);
export type LoginAnswer = z.infer<typeof LoginAnswer>;

/** POST /api/v1/session/second-step. */
export const SecondStepRequest = z.object({ challenge: z.string().min(1).max(128), code: TotpCode });
export type SecondStepRequest = z.infer<typeof SecondStepRequest>;
/** The session; with recovery codes when the second step has just been set up. */
export const SecondStepAnswer = Session.extend(RecoveryCodes.partial().shape);
export type SecondStepAnswer = z.infer<typeof SecondStepAnswer>;

/** PUT /api/v1/session/password: one's own password. Every other session of the user ends. */
export const PasswordChange = z.object({ currentPassword: z.string().min(1).max(1024), newPassword: Password });
export type PasswordChange = z.infer<typeof PasswordChange>;
