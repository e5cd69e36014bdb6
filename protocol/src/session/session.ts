import { z } from "zod";
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

/** PUT /api/v1/session/password: one's own password. Every other session of the user ends. */
export const PasswordChange = z.object({ currentPassword: z.string().min(1).max(1024), newPassword: Password });
export type PasswordChange = z.infer<typeof PasswordChange>;
