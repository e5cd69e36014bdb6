import type { SendMailOptions } from "nodemailer";
import type { Background } from "../background.ts";
import { isBundle, type QueuedContent } from "./bundle-content.ts";
import { bundleFacts } from "./bundle-facts.ts";
import { type MessageFacts, messageFacts } from "./message-facts.ts";
import { domainOf } from "./message-id.ts";
import { renderHtml } from "./render-html.ts";
import { renderText } from "./render-text.ts";

/** What a queued notification's mail is made of. */
export interface QueuedMail {
  readonly address: string;
  readonly subject: string;
  readonly messageId: string;
  readonly createdAtMs: number;
  readonly content: QueuedContent;
}

export interface MailSender {
  /** Address of the sender, also the envelope's. */
  readonly mailFrom: string;
  /** Where the console is reached, without a path: `https://monitor.example.org`. */
  readonly publicUrl: () => string;
}

/** What any queued message says. Pure. */
export function factsOf(
  content: QueuedContent,
  publicUrl: string,
  background: readonly Background[] = [],
): MessageFacts {
  return isBundle(content) ? bundleFacts(content, publicUrl) : messageFacts(content, publicUrl, background);
}

/**
 * Renders the mail of a notification: plain text and HTML, threaded by References (RFC 5322 §3.6.4), marked as sent by a program (RFC 3834) so
 * that nobody's out-of-office answers. No `Precedence`: RFC 3834 replaced it, and some filters take `bulk` for advertising. `background` is what is
 * known around its problem. Pure.
 */
export function renderMail(
  mail: QueuedMail,
  sender: MailSender,
  background: readonly Background[] = [],
): SendMailOptions {
  const facts = factsOf(mail.content, sender.publicUrl(), background);
  const references = isBundle(mail.content) ? [] : mail.content.references;
  const domain = domainOf(sender.mailFrom);
  return {
    from: { name: "MyCloud", address: sender.mailFrom },
    // As an object: nodemailer then takes it as one address, whatever commas it contains.
    to: { name: mail.content.contactName, address: mail.address },
    envelope: { from: sender.mailFrom, to: [mail.address] },
    subject: mail.subject,
    messageId: mail.messageId,
    date: new Date(mail.createdAtMs),
    ...(references.length === 0 ? {} : { inReplyTo: references.at(-1), references: [...references] }),
    text: renderText(facts),
    html: renderHtml(facts),
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      "X-MyCloud-Notification": mail.content.type,
    },
    list: { id: { comment: "MyCloud notifications", url: `notifications.${domain}` } },
    // Nothing in a message names a file or an address to be read by the mailer.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
