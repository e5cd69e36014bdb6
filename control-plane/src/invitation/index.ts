/** Invitations: an owner brings somebody into the organisation, an administrator anybody anywhere, by a link in a mail that works for seven days. */
export { createInvitationRoutes } from "./routes.ts";
