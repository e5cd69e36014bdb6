import type { Conversation } from "../../connection/conversation.ts";
import { readReply } from "../../connection/smtp-reply.ts";
import { printable } from "../../plugin/printable.ts";

/** Protocols that begin in the clear and go over to TLS on demand. */
export const STARTTLS_PROTOCOLS = ["smtp", "imap", "pop3", "ftp"] as const;

/** Where each is usually found. */
export const STARTTLS_PORTS: ReadonlyMap<string, number> = new Map([
  ["smtp", 25],
  ["imap", 143],
  ["pop3", 110],
  ["ftp", 21],
]);

/** Speaks a protocol up to the point where TLS begins. Throws when the server will not go on. */
export async function prepareStartTls(protocol: string, conversation: Conversation): Promise<void> {
  switch (protocol) {
    case "smtp":
      await expectReply(conversation, undefined, 220, "the greeting");
      await expectReply(conversation, "EHLO mycloud-check", 250, "the answer to EHLO");
      return expectReply(conversation, "STARTTLS", 220, "the answer to STARTTLS");
    case "ftp":
      await expectReply(conversation, undefined, 220, "the greeting");
      return expectReply(conversation, "AUTH TLS", 234, "the answer to AUTH TLS");
    case "imap":
      await expectLine(conversation, undefined, /^\* OK/i, "the greeting");
      return expectLine(conversation, "a STARTTLS", /^a OK/i, "the answer to STARTTLS");
    case "pop3":
      await expectLine(conversation, undefined, /^\+OK/i, "the greeting");
      return expectLine(conversation, "STLS", /^\+OK/i, "the answer to STLS");
  }
}

async function expectReply(
  conversation: Conversation,
  command: string | undefined,
  code: number,
  what: string,
): Promise<void> {
  if (command !== undefined) conversation.write(`${command}\r\n`);
  const reply = await readReply(conversation, what);
  if (reply.code !== code) throw new Error(`${what} was "${printable(reply.text, 100)}"`);
}

async function expectLine(
  conversation: Conversation,
  command: string | undefined,
  pattern: RegExp,
  what: string,
): Promise<void> {
  if (command !== undefined) conversation.write(`${command}\r\n`);
  const line = await conversation.readLine(what);
  if (!pattern.test(line)) throw new Error(`${what} was "${printable(line, 100)}"`);
}
