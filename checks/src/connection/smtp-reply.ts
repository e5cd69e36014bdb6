import type { Conversation } from "./conversation.ts";

/** A reply of SMTP or FTP: its code and its lines, joined by line feeds (RFC 5321 section 4.2). */
export interface Reply {
  readonly code: number;
  readonly text: string;
}

const MAX_LINES = 100;

/** Reads one reply, however many lines it has. Throws when what comes is none. */
export async function readReply(conversation: Conversation, waitingFor: string): Promise<Reply> {
  const lines: string[] = [];
  while (lines.length < MAX_LINES) {
    const line = await conversation.readLine(waitingFor);
    lines.push(line);
    // A hyphen after the code says that more lines follow.
    if (!/^\d{3}-/.test(line)) break;
  }
  const last = lines.at(-1) ?? "";
  return { code: /^\d{3}( |$)/.test(last) ? Number(last.slice(0, 3)) : 0, text: lines.join("\n") };
}
