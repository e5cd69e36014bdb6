import { mailKindTitles } from "@mycloud/protocol/account";
import type { SendMailOptions } from "nodemailer";
import { escapedHtml } from "../notification/mail/escaped-html.ts";
import { domainOf } from "../notification/mail/message-id.ts";
import { headerText } from "../notification/mail/subject.ts";
import type { MailContent } from "./mail-content.ts";

export interface RenderedFor {
  readonly id: number;
  readonly email: string;
  readonly content: MailContent;
  readonly createdAtMs: number;
  /** IANA zone; null = UTC. */
  readonly timeZone: string | null;
  /** For the end of the mail; null where it cannot be turned off. */
  readonly unsubscribeSecret: string | null;
}

interface Sender {
  readonly mailFrom: string;
  readonly publicUrl: string;
}

/** An instant in somebody's zone, to the minute: `Monday, 23 November 2026 at 08:15 CET`. A zone this runtime does not know is UTC. Pure. */
export function formatForPerson(atMs: number, timeZone: string | null): string {
  const parts = { dateStyle: "full", timeStyle: "long" } as const;
  try {
    return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: timeZone ?? "UTC" }).format(atMs);
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: "UTC" }).format(atMs);
  }
}

/** A mail in plain text and HTML. What can be turned off says how, for people and for mail programs (RFC 2369, RFC 8058). Pure. */
export function renderAccountMail(mail: RenderedFor, { mailFrom, publicUrl }: Sender): SendMailOptions {
  const { content } = mail;
  const base = publicUrl.replace(/\/+$/, "");
  const details = content.details.map(([name, value]): [string, string] => [
    name,
    typeof value === "string" ? value : formatForPerson(value.atMs, mail.timeZone),
  ]);
  const link = content.action === null ? null : { text: content.action.text, url: `${base}${content.action.path}` };
  const page = mail.unsubscribeSecret === null ? null : `${base}/#/unsubscribe/${mail.unsubscribeSecret}`;
  const why =
    content.kind === null
      ? `You get this because it is about the account of ${mail.email} at ${base}.`
      : `You get this because you want to know when ${mailKindTitles[content.kind]}.`;
  const shown = { content, details, link, why, page };
  return {
    from: { name: "MyCloud", address: mailFrom },
    to: { name: "", address: mail.email },
    envelope: { from: mailFrom, to: [mail.email] },
    subject: `[MyCloud] ${headerText(content.subject)}`,
    messageId: `<account-${mail.id}-${mail.createdAtMs}@${domainOf(mailFrom)}>`,
    date: new Date(mail.createdAtMs),
    text: textOf(shown),
    html: htmlOf(shown),
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      ...(mail.unsubscribeSecret === null
        ? {}
        : {
            "List-Unsubscribe": `<${base}/api/v1/unsubscriptions/${mail.unsubscribeSecret}>`,
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

interface Shown {
  readonly content: MailContent;
  readonly details: readonly (readonly [string, string])[];
  readonly link: { readonly text: string; readonly url: string } | null;
  readonly why: string;
  readonly page: string | null;
}

function textOf({ content, details, link, why, page }: Shown): string {
  const sections = [
    ...content.paragraphs,
    details.map(([name, value]) => `${name}: ${value}`).join("\n"),
    link === null ? "" : `${link.text}:\n${link.url}`,
    `-- \n${why}${page === null ? "" : `\nNo more of these: ${page}`}`,
  ];
  const text = sections.filter((section) => section !== "").join("\n\n");
  return `${text.replaceAll(/[^\P{Cc}\n\t]/gu, "").toWellFormed()}\n`;
}

const font = "font:15px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif";
const style = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){body{background:#0f172a!important;color:#e2e8f0!important}.quiet{color:#94a3b8!important}th,td{border-color:#334155!important}}`;
const cell = "padding:4px 14px 4px 0;text-align:left;vertical-align:top;border-bottom:1px solid #e2e8f0";

function htmlOf({ content, details, link, why, page }: Shown): string {
  const rows = details.map(
    ([name, value]) =>
      `<tr><th style="${cell}">${escapedHtml(name)}</th><td style="${cell}">${escapedHtml(value)}</td></tr>`,
  );
  const parts = [
    `<h1 style="margin:0 0 12px;font-size:19px">${escapedHtml(content.subject)}</h1>`,
    ...content.paragraphs.map((text) => `<p>${escapedHtml(text)}</p>`),
    rows.length === 0 ? "" : `<table style="border-collapse:collapse;${font};margin:12px 0">${rows.join("\n")}</table>`,
    link === null
      ? ""
      : `<p style="margin:20px 0"><a href="${escapedHtml(link.url)}" style="display:inline-block;padding:9px 18px;border-radius:6px;background:#1d4ed8;color:#ffffff;text-decoration:none">${escapedHtml(link.text)}</a></p>
<p class="quiet" style="color:#64748b;font-size:12px;word-break:break-all">${escapedHtml(link.url)}</p>`,
    `<p class="quiet" style="color:#64748b;font-size:12px">${escapedHtml(why)}${page === null ? "" : ` <a href="${escapedHtml(page)}" style="color:inherit">No more of these</a>`}</p>`,
  ].filter((part) => part !== "");
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapedHtml(content.subject)}</title>
<style>${style}</style></head>
<body style="margin:0;padding:20px;${font}"><div style="max-width:560px">
${parts.join("\n")}
</div></body>
</html>
`;
}
