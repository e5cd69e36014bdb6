import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { promisify } from "node:util";
import { type Cleanup, temporaryDirectory } from "../../support/index.ts";

const run = promisify(execFile);

/** What a server of lines says first, and to each line; `end` closes. */
export interface Conversation {
  readonly greeting?: string;
  answer?(line: string): string | undefined;
}

/** The conversations that plugins have over TCP, by the plugin's own word for the protocol. */
export const conversations = {
  ftp: { greeting: "220 ready\r\n" },
  imap: { greeting: "* OK IMAP4 ready\r\n" },
  pop: { greeting: "+OK ready\r\n" },
  nntp: { greeting: "200 ready\r\n" },
  smtp: {
    greeting: "220 mail.example.org ESMTP\r\n",
    answer: (line) => (/^QUIT/.test(line) ? "221 bye\r\n" : "250 fine\r\n"),
  },
  ssh: { greeting: "SSH-2.0-OpenSSH_9.2p1\r\n" },
  tcp: { greeting: "hello\n" },
  jabber: { answer: () => "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' id='1'>\n" },
  clamd: { answer: (line) => (line.includes("PING") ? "PONG\n" : undefined) },
  ups: { answer: upsVariable },
  ircd: { answer: (line) => (line.startsWith("NICK") ? ":irc.example.org 255 x :I have 7 clients\r\n" : undefined) },
  nt: { answer: (line) => (line.endsWith("&3") ? "86400" : "NSClient++ 0.5.2") },
  overcr: { answer: () => "0.10 0.20 0.30\r\n" },
  nwstat: { answer: () => "7\r\n" },
  real: { answer: () => "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n" },
} satisfies Readonly<Record<string, Conversation>>;

function upsVariable(line: string): string | undefined {
  const values: Readonly<Record<string, string>> = {
    "ups.status": "OL",
    "input.voltage": "231.0",
    "battery.charge": "98",
  };
  const name = /^GET VAR \w+ (\S+)/.exec(line)?.[1];
  if (line.startsWith("LIST UPS")) return 'BEGIN LIST UPS\nUPS x "a supply"\nEND LIST UPS\n';
  if (name === undefined) return undefined;
  return values[name] === undefined ? "ERR VAR-NOT-SUPPORTED\n" : `VAR x ${name} "${values[name]}"\n`;
}

function converse(socket: Socket, { greeting, answer }: Conversation): void {
  socket.on("error", () => socket.destroy());
  if (greeting !== undefined) socket.write(greeting);
  socket.on("data", (chunk) => {
    const said = answer?.(chunk.toString("latin1").trimEnd());
    if (said !== undefined) socket.write(said);
  });
}

/** Listens on a free port of loopback until the test ends. */
export async function listen(cleanup: Cleanup, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanup.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A TCP server with this conversation; answers its port. */
export function startLineServer(cleanup: Cleanup, conversation: Conversation): Promise<number> {
  return listen(
    cleanup,
    createServer((socket) => converse(socket, conversation)),
  );
}

/** Key and certificate for 127.0.0.1, signed by themselves. */
export async function makeCertificate(): Promise<{ readonly key: Buffer; readonly cert: Buffer }> {
  const directory = await temporaryDirectory("plugin-certificate");
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  const request = "req -x509 -newkey rsa:2048 -nodes -days 100 -subj /CN=127.0.0.1";
  await run("openssl", [...request.split(" "), "-keyout", key, "-out", cert]);
  return { key: await readFile(key), cert: await readFile(cert) };
}

/** The same over TLS from the first byte. */
export function startTlsLineServer(
  cleanup: Cleanup,
  conversation: Conversation,
  certificate: { readonly key: Buffer; readonly cert: Buffer },
): Promise<number> {
  return listen(
    cleanup,
    createTlsServer(certificate, (socket) => converse(socket, conversation)),
  );
}

/** A web server: a page, and the JSON that NSClient++ answers a query with. With a certificate it speaks TLS. */
export function startWebServer(
  cleanup: Cleanup,
  certificate?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<number> {
  const answer: Parameters<typeof createHttpServer>[1] = (request, response) => {
    const isQuery = request.url?.startsWith("/query/") === true;
    const line = { message: "all is well", perf: [] };
    const nscp = { header: {}, payload: [{ command: "check_ok", result: "WARNING", lines: [line] }] };
    response.setHeader("content-type", isQuery ? "application/json" : "text/plain");
    response.end(isQuery ? JSON.stringify(nscp) : "a page of some words\n");
  };
  return listen(cleanup, certificate === undefined ? createHttpServer(answer) : createHttpsServer(certificate, answer));
}
