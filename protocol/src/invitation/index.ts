// Invitations: how an owner, or an administrator, brings somebody in by e-mail.
export * from "./invitation.ts";
