import {
  LinkAcceptance,
  LinkLook,
  LinkLookRequest,
  MailPromise,
  RegistrationRequest,
  SignInOptions,
} from "@mycloud/protocol/registration";
import { Session } from "@mycloud/protocol/session";
import type { Transaction } from "kysely";
import { freeCustomerName } from "../customer/index.ts";
import type { Database } from "../database/schema.ts";
import { NotAllowedError } from "../error/index.ts";
import { forEveryone, Reply, type Route, route } from "../http/route.ts";
import { claimLink, findLink, insertLink, linkPath, revokeLinks } from "../one-time-link/index.ts";
import { openSession } from "../session/index.ts";
import { insertUser, normalisedEmail } from "../user/store.ts";
import { inEqualTime, type LinkRoutesDependencies, welcome } from "./dependencies.ts";

const lifetimeMs = 24 * 3_600_000;
const promise =
  "If this address can be used, a mail with a link is on its way to it. The link works once, for 24 hours.";

/** Registration: an address and a title, a mail, a name and a password; then an organisation with its owner is there. */
export function createRegistrationRoutes(deps: LinkRoutesDependencies): Route[] {
  const { database, passwords, audit, mails, requests, now, policy } = deps;

  function refuseUnlessOpen(): void {
    if (policy === "open") return;
    throw new NotAllowedError(
      policy === "invite"
        ? "accounts are by invitation here; ask somebody of your organisation, or those who run this installation"
        : "accounts are made by those who run this installation",
    );
  }

  /** Who has an account is told so, by mail and nowhere else. */
  async function send(tx: Transaction<Database>, email: string, title: string): Promise<void> {
    const known = await tx.selectFrom("user").select("id").where("email", "=", email).executeTakeFirst();
    if (known !== undefined) {
      return await mails.toUser(tx, known.id, {
        subject: "You have an account already",
        paragraphs: [
          "Somebody, probably you, wanted to register with this address. It has an account already: sign in with it, or ask for a new password.",
          "If it was not you, there is nothing to do.",
        ],
        details: [],
        action: { text: "Sign in", path: "/#/login" },
        kind: null,
      });
    }
    await revokeLinks(tx, "registration", { email }, now());
    const grant = { kind: "registration", email, userId: null, customer: null, role: "admin", title } as const;
    const { secret } = await insertLink(tx, { ...grant, createdByName: email, nowMs: now(), lifetimeMs });
    await mails.toAddress(tx, email, {
      subject: "Confirm your e-mail address",
      paragraphs: [
        `Somebody, probably you, wants to register ${title} with this address. Confirm it, and choose your name and a password.`,
        "The link works once, for 24 hours. If it was not you, there is nothing to do: without it, no account is made.",
      ],
      details: [],
      action: { text: "Confirm and continue", path: linkPath("registration", secret) },
      kind: null,
    });
  }

  return [
    route({
      method: "get",
      path: "/api/v1/sign-in-options",
      summary: "Show whether people may register",
      access: forEveryone,
      answer: SignInOptions,
      handle: async () => ({ registration: policy }),
    }),
    route({
      method: "post",
      path: "/api/v1/registrations",
      summary: "Ask for an account and an organisation: a link is mailed, the answer is always the same",
      access: forEveryone,
      body: RegistrationRequest,
      answer: MailPromise,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ actor, body }) => {
        refuseUnlessOpen();
        const email = normalisedEmail(body.email);
        await inEqualTime(deps.sleep, async () => {
          if (!(await requests.countRequest(email, actor.address))) return;
          await database.transaction((tx) => send(tx, email, body.title));
        });
        return new Reply(202, { message: promise });
      },
    }),
    route({
      method: "post",
      path: "/api/v1/links/look",
      summary: "Show what a link in a mail is for, without using it up",
      access: forEveryone,
      body: LinkLookRequest,
      answer: LinkLook,
      maximumBodyBytes: 4096,
      handle: async ({ body }) => {
        const { kind, email, title, expiresAtMs } = await findLink(database.db, body.secret, null, now());
        return { kind, email, title, expiresAtMs };
      },
    }),
    route({
      method: "post",
      path: "/api/v1/registrations/complete",
      summary: "Complete a registration with the link of the mail: the organisation is made, and its owner signed in",
      access: forEveryone,
      body: LinkAcceptance,
      answer: Session,
      maximumBodyBytes: 16 * 1024,
      handle: async ({ actor, body, request, response }) => {
        refuseUnlessOpen();
        // Before a password is hashed for it, which costs a core.
        await findLink(database.db, body.secret, "registration", now());
        const passwordHash = await passwords.hash(body.password);
        const session = await database.transaction(async (tx) => {
          const nowMs = now();
          const { email, title } = await claimLink(tx, database.dialect, body.secret, "registration", nowMs);
          const name = await freeCustomerName(tx, title ?? email);
          await tx
            .insertInto("customer")
            .values({ name, title: title ?? name, contact_email: email, created_at_ms: nowMs, updated_at_ms: nowMs })
            .execute();
          const user = { email, name: body.name, role: "admin", customer: name, isDisabled: false } as const;
          const id = await insertUser(tx, database.dialect, { ...user, passwordHash, nowMs });
          const resource = { resourceKind: "user", resourceId: id, resourceName: email };
          await audit.record(tx, { actor, action: "user.register", ...resource, after: { ...user, title } });
          const circumstances = {
            address: actor.address,
            userAgent: request.headers["user-agent"] ?? null,
            formerSecret: deps.cookie.read(request),
          };
          return await openSession(tx, deps, { id, email, customer: name }, circumstances);
        });
        return await welcome(deps, session.secret, request, response);
      },
    }),
  ];
}
