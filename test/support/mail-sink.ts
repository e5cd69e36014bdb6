import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type MailMessage, parseMailMessage } from "../peers/mail-message.ts";
import { freePort } from "./free-port.ts";

/** A mail as it was handed over. */
export interface SunkMail extends MailMessage {
  readonly to: string;
  readonly messageId: string;
  readonly subject: string;
}

/** A mail server (RFC 5321, just enough) that keeps what it gets. It can be closed and opened again on the same port. */
export interface MailSink {
  /** For MYCLOUD_SMTP_URL. */
  readonly url: string;
  /** Everything that came, in that order, also what was then refused. */
  readonly mails: SunkMail[];
  /** Says what to answer to a mail, e.g. `451 busy`; null or nothing takes it. While it waits, the mail is neither taken nor refused. */
  judge: (mail: SunkMail) => string | null | Promise<string | null>;
  open(): Promise<void>;
  /** Ends the connections as well. */
  close(): Promise<void>;
}

/** Opens one on a free port of 127.0.0.1. */
export async function openMailSink(): Promise<MailSink> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  const sink: MailSink = {
    url: `smtp://127.0.0.1:${port}?tls=off`,
    mails: [],
    judge: () => null,
    async open() {
      server = createServer((socket) => {
        sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
        void talk(socket, sink);
      }).listen(port, "127.0.0.1");
      await once(server, "listening");
    },
    async close() {
      const closing = server;
      server = null;
      if (closing === null) return;
      closing.close();
      for (const socket of sockets) socket.destroy();
      await once(closing, "close");
    },
  };
  await sink.open();
  return sink;
}

async function talk(socket: Socket, sink: MailSink): Promise<void> {
  let text = "";
  let to = "";
  let isData = false;
  const say = (line: string) => socket.write(`${line}\r\n`);
  say("220 sink.example.org ESMTP");
  try {
    for await (const chunk of socket.setEncoding("utf8")) {
      text += chunk;
      for (
        let end = text.indexOf(isData ? "\r\n.\r\n" : "\r\n");
        end >= 0;
        end = text.indexOf(isData ? "\r\n.\r\n" : "\r\n")
      ) {
        const taken = text.slice(0, end);
        text = text.slice(end + (isData ? 5 : 2));
        if (isData) {
          isData = false;
          say((await take(sink, to, taken)) ?? "250 taken");
        } else if (/^data$/i.test(taken)) {
          isData = true;
          say("354 go on");
        } else if (/^quit$/i.test(taken)) socket.end("221 bye\r\n");
        else {
          to = /^rcpt to:<([^>]*)>/i.exec(taken)?.[1] ?? to;
          say(/^ehlo/i.test(taken) ? "250-sink.example.org\r\n250 8BITMIME" : "250 fine");
        }
      }
    }
  } catch {
    // Whoever talked was killed, or the sink was closed.
  }
}

async function take(sink: MailSink, to: string, raw: string): Promise<string | null> {
  const message = parseMailMessage(raw.replaceAll("\r\n..", "\r\n."));
  const { headers } = message;
  const mail = { ...message, to, messageId: headers.get("message-id") ?? "", subject: headers.get("subject") ?? "" };
  sink.mails.push(mail);
  return await sink.judge(mail);
}
