import { ListQuery, listAnswer } from "@mycloud/protocol/list";
import { Notification, NotificationFilter } from "@mycloud/protocol/notification";
import { z } from "zod";
import type { AuditLog } from "../audit/index.ts";
import { findContact } from "../contact/store.ts";
import type { ConnectedDatabase } from "../database/dialect/dialect.ts";
import { ConflictError, NotFoundError, UnavailableError } from "../error/index.ts";
import { IdParams } from "../http/id-params.ts";
import { forOperators, forViewers, type Route, route } from "../http/route.ts";
import { classifyFailure } from "./classify-failure.ts";
import type { MailServer } from "./mail/mail-server.ts";
import { domainOf, singleMessageId } from "./mail/message-id.ts";
import { type MailSender, renderMail } from "./mail/render-mail.ts";
import { listNotifications } from "./notification-store.ts";
import { testContent } from "./test-message.ts";

export interface NotificationRoutesDependencies {
  readonly database: ConnectedDatabase;
  readonly audit: AuditLog;
  readonly server: MailServer;
  readonly sender: MailSender;
  readonly now: () => number;
  readonly newThreadKey: () => string;
}

const TestNotificationAnswer = z.object({ address: z.string(), server: z.string(), messageId: z.string() });

/** The list of messages, and the button that tries a contact's address. */
export function createNotificationRoutes(dependencies: NotificationRoutesDependencies): Route[] {
  const { database, audit, server, sender, now, newThreadKey } = dependencies;
  return [
    route({
      method: "get",
      path: "/api/v1/notifications",
      summary: "List messages: queued, sent, and dead with the mail server's words",
      access: forViewers,
      query: ListQuery,
      filter: NotificationFilter,
      answer: listAnswer(Notification),
      handle: ({ scope, query }) => listNotifications(database.db, scope, query),
    }),
    route({
      method: "post",
      path: "/api/v1/contacts/:id/test-notification",
      summary: "Send a test mail to a contact now, and answer what the mail server said",
      access: forOperators,
      params: IdParams,
      answer: TestNotificationAnswer,
      async handle({ actor, scope, params: { id } }) {
        const contact = await findContact(database.db, scope, id);
        if (contact === null) throw new NotFoundError(`there is no contact ${id}`);
        if (contact.email === null) throw new ConflictError(`contact ${contact.name} has no e-mail address`);
        const messageId = singleMessageId("test", id, newThreadKey(), domainOf(sender.mailFrom));
        // Sent at once and not queued: whoever presses the button wants the mail server's answer, not a retry tomorrow.
        const content = testContent(contact.name, actor.name, now());
        const subject = "[MyCloud] Test message";
        const mail = { address: contact.email, subject, messageId, createdAtMs: now(), content };
        try {
          await server.send(renderMail(mail, sender));
        } catch (error) {
          const { message } = classifyFailure(error);
          throw new UnavailableError(
            `${server.description} did not take the mail to ${contact.email}: ${message}`,
            30,
            error,
          );
        }
        await audit.record(database.db, {
          actor,
          action: "contact.test-notification",
          resourceKind: "contact",
          resourceId: id,
          resourceName: contact.name,
        });
        return { address: contact.email, server: server.description, messageId };
      },
    }),
  ];
}
