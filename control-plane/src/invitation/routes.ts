import { Invitation, InvitationFilter, InvitationInput } from "@mycloud/protocol/invitation";
import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { LinkAcceptance } from "@mycloud/protocol/registration";
import { LoginAnswer } from "@mycloud/protocol/session";
import { ensureCustomer, findCustomerByName } from "../customer/index.ts";
import type { Executor } from "../database/dialect/dialect.ts";
import { ConflictError, NotAllowedError, NotFoundError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forAdmins, forEveryone, Reply, type Route, route } from "../http/route.ts";
import { claimLink, findLink, insertLink, linkPath, revokeLinks } from "../one-time-link/index.ts";
import { type LinkRoutesDependencies, welcome } from "../registration/dependencies.ts";
import { ownInput, type Scope } from "../scope/index.ts";
import { continueSignIn } from "../session/index.ts";
import { insertUser, normalisedEmail } from "../user/store.ts";
import { findInvitation, listInvitations, revokeInvitation } from "./store.ts";

const lifetimeMs = 7 * 86_400_000;

/** What a role is called inside an organisation. */
const roleTitles = { admin: "an owner", operator: "a member", viewer: "a reader" } as const;

/** Invitations: sent, listed, taken back, accepted. */
export function createInvitationRoutes(deps: LinkRoutesDependencies): Route[] {
  const { database, passwords, audit, mails, now, policy } = deps;
  const { db, dialect } = database;
  const resourceKind = "invitation";

  async function existing(executor: Executor, scope: Scope, id: number): Promise<Invitation> {
    const invitation = await findInvitation(executor, scope, id, now());
    if (invitation === null) throw new NotFoundError(`there is no invitation ${id}`);
    return invitation;
  }

  async function refuseKnown(tx: Executor, email: string): Promise<void> {
    const known = await tx.selectFrom("user").select("id").where("email", "=", email).executeTakeFirst();
    if (known === undefined) return;
    // One address belongs to one organisation; saying that it is taken is what creating the user would say, too.
    throw new ConflictError(`${email} has an account already`, [{ field: "email", value: email, message: "is taken" }]);
  }

  return [
    route({
      method: "get",
      path: "/api/v1/invitations",
      summary: "List invitations, newest first",
      access: forAdmins,
      query: ListQuery,
      filter: InvitationFilter,
      answer: listAnswer(Invitation),
      handle: ({ scope, query }) => listInvitations(db, scope, query, now()),
    }),
    route({
      method: "get",
      path: "/api/v1/invitations/:id",
      summary: "Show an invitation",
      access: forAdmins,
      params: IdParams,
      answer: Invitation,
      handle: ({ scope, params }) => existing(db, scope, params.id),
    }),
    route({
      method: "post",
      path: "/api/v1/invitations",
      summary: "Invite somebody by e-mail; an earlier invitation of the same address does not count any more",
      access: forAdmins,
      body: InvitationInput,
      answer: Invitation,
      handle: async ({ actor, scope, body }) => {
        if (policy === "off") throw new NotAllowedError("invitations are turned off here (registration is off)");
        const { role, customer } = ownInput(scope, body, "invitations");
        const email = normalisedEmail(body.email);
        return await database.transaction(async (tx) => {
          const nowMs = now();
          await refuseKnown(tx, email);
          await ensureCustomer(tx, dialect, customer, nowMs);
          const title = customer === null ? null : ((await findCustomerByName(tx, customer))?.title ?? customer);
          await revokeLinks(tx, "invitation", { email }, nowMs);
          const grant = { kind: "invitation", email, userId: null, customer, role, title } as const;
          const { id, secret } = await insertLink(tx, { ...grant, createdByName: actor.name, nowMs, lifetimeMs });
          await mails.toAddress(tx, email, {
            subject: `Invitation to ${title ?? "MyCloud"}`,
            paragraphs: [
              `${actor.name} invites you to ${title ?? "run this installation of MyCloud"}${customer === null ? ` with the role ${role}` : `, as ${roleTitles[role]}`}. Choose your name and a password, and you are in.`,
              "The link works once, for seven days. If you know nothing of this, there is nothing to do.",
            ],
            details: [],
            action: { text: "Accept the invitation", path: linkPath("invitation", secret) },
            kind: null,
          });
          const after = await existing(tx, scope, id);
          const resource = { resourceKind, resourceId: id, resourceName: email };
          await audit.record(tx, { actor, action: "invitation.create", ...resource, after });
          return after;
        });
      },
    }),
    route({
      method: "delete",
      path: "/api/v1/invitations/:id",
      summary: "Take an invitation back that was not accepted",
      access: forAdmins,
      params: IdParams,
      answer: Invitation,
      handle: async ({ actor, scope, params }) =>
        await database.transaction(async (tx) => {
          const before = await existing(tx, scope, params.id);
          if (before.phase === "accepted") {
            throw new ConflictError(`${before.email} accepted it already; remove the user instead`);
          }
          await revokeInvitation(tx, before.id, now());
          const resource = { resourceKind, resourceId: before.id, resourceName: before.email };
          await audit.record(tx, { actor, action: "invitation.revoke", ...resource, before });
          return await existing(tx, scope, params.id);
        }),
    }),
    route({
      method: "post",
      path: "/api/v1/invitations/accept",
      summary: "Accept an invitation with the link of the mail; signs in, or leads to the second step",
      access: forEveryone,
      body: LinkAcceptance,
      answer: LoginAnswer,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ actor, body, request, response }) => {
        await findLink(db, body.secret, "invitation", now());
        const passwordHash = await passwords.hash(body.password);
        const signedIn = await database.transaction(async (tx) => {
          const nowMs = now();
          const link = await claimLink(tx, dialect, body.secret, "invitation", nowMs);
          if (link.role === null) throw new Error("an invitation names no role");
          const { email, role, customer } = link;
          const user = { email, name: body.name, role, customer, isDisabled: false };
          const id = await insertUser(tx, dialect, { ...user, passwordHash, nowMs });
          const resource = { resourceKind: "user", resourceId: id, resourceName: email };
          const after = { ...user, invitedBy: link.createdByName };
          await audit.record(tx, { actor, action: "user.accept-invitation", ...resource, after });
          const circumstances = {
            address: actor.address,
            userAgent: request.headers["user-agent"] ?? null,
            formerSecret: deps.cookie.read(request),
          };
          return await continueSignIn(tx, deps, { id, email, customer }, circumstances);
        });
        if (signedIn.kind === "second-step") return new Reply(202, signedIn.step);
        return await welcome(deps, signedIn.session.secret, request, response);
      },
    }),
  ];
}
