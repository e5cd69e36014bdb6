import { readFileSync } from "node:fs";
import nodemailer, { type SendMailOptions } from "nodemailer";
import { InputError } from "../../error/index.ts";
import { domainOf } from "./message-id.ts";

export interface MailServerOptions {
  /**
   * `smtp://user@host:587` (STARTTLS; required with a password, unless the server is on this machine), `smtps://host` (TLS from the start), or
   * null for the mail server of this machine, 127.0.0.1:25. `?ca=FILE` names the certificate to trust, `?tls=off` never encrypts.
   */
  readonly smtpUrl: string | null;
  /** A file with the password of the user in `smtpUrl`, so that it is in no process list. */
  readonly smtpPasswordFile: string | null;
  readonly mailFrom: string;
}

/** How a mail server is reached; without its password in `description`. */
export interface MailServerAddress {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly isStartTlsRequired: boolean;
  readonly isStartTlsIgnored: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly caFile: string | null;
  readonly isOnThisMachine: boolean;
  readonly description: string;
}

/** Hands mails over. `send` throws what `classifyFailure` reads. */
export interface MailServer {
  readonly description: string;
  /** False when nothing was configured, and the machine's own mail server was only assumed. */
  readonly isExplicit: boolean;
  send(mail: SendMailOptions): Promise<void>;
  /** Whether it answers and takes our login, without sending anything. */
  answers(): Promise<boolean>;
  close(): void;
}

const localServer = "smtp://127.0.0.1:25";
const parallelConnections = 4;

/** Reads an SMTP URL. Throws InputError that says what is wrong with it, without repeating its password. Pure. */
export function parseSmtpUrl(text: string): MailServerAddress {
  const url = URL.parse(text);
  if (url === null || !["smtp:", "smtps:"].includes(url.protocol) || url.hostname === "") {
    throw new InputError(
      "smtpUrl is not understood; write smtp://user@mail.example.org:587 or smtps://user@mail.example.org",
    );
  }
  const tls = url.searchParams.get("tls");
  if (tls !== null && tls !== "off" && tls !== "required") {
    throw new InputError(`smtpUrl has tls=${tls}; write tls=off, tls=required, or leave it out`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isOnThisMachine = host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
  const isTls = url.protocol === "smtps:";
  const user = url.username === "" ? null : decodeURIComponent(url.username);
  const port = url.port === "" ? (isTls ? 465 : user === null ? 25 : 587) : Number(url.port);
  return {
    host,
    port,
    isTls,
    // A password never travels in the clear because an attacker took STARTTLS out of the server's greeting.
    isStartTlsRequired: !isTls && (tls === "required" || (tls === null && user !== null && !isOnThisMachine)),
    isStartTlsIgnored: !isTls && tls === "off",
    user,
    password: url.password === "" ? null : decodeURIComponent(url.password),
    caFile: url.searchParams.get("ca"),
    isOnThisMachine,
    description: `${url.protocol}//${user === null ? "" : `${user}@`}${url.hostname}:${port}`,
  };
}

/** Opens a pool of connections, made when first needed. Throws InputError for a wrong URL or a file that cannot be read. */
export function openMailServer(options: MailServerOptions): MailServer {
  const address = parseSmtpUrl(options.smtpUrl ?? localServer);
  const password = options.smtpPasswordFile === null ? address.password : readSecret(options.smtpPasswordFile);
  const transport = nodemailer.createTransport({
    pool: true,
    host: address.host,
    port: address.port,
    secure: address.isTls,
    requireTLS: address.isStartTlsRequired,
    ignoreTLS: address.isStartTlsIgnored,
    ...(address.user === null ? {} : { auth: { user: address.user, pass: password ?? "" } }),
    tls: {
      // The certificate Debian makes for its own postfix is in nobody's store; on the loopback there is nobody to impersonate it.
      rejectUnauthorized: address.caFile !== null || !address.isOnThisMachine,
      ...(address.caFile === null ? {} : { ca: readSecret(address.caFile) }),
    },
    name: domainOf(options.mailFrom),
    maxConnections: parallelConnections,
    maxMessages: 100,
    connectionTimeout: 10_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    description: address.description,
    isExplicit: options.smtpUrl !== null,
    async send(mail) {
      await transport.sendMail(mail);
    },
    answers: () =>
      transport.verify().then(
        () => true,
        () => false,
      ),
    close: () => transport.close(),
  };
}

function readSecret(path: string): string {
  try {
    return readFileSync(path, "utf8").trimEnd();
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
