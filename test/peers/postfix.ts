import { execFile } from "node:child_process";
import { chmod, chown, copyFile, cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { temporaryDirectory } from "../support/temporary-directory.ts";
import { waitFor } from "../support/wait-for.ts";

const run = promisify(execFile);
export const postfixProgram = "/usr/sbin/postfix";

/** A private postfix on 127.0.0.1 that takes mail for a few addresses at example.org into Maildirs and lets nothing leave. */
export interface PostfixPeer {
  readonly url: string;
  /** Exists with `isTls`. */
  readonly certificateFile: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** The mails in an address' Maildir, as they arrived, oldest first. */
  mailsOf(mailbox: string): Promise<string[]>;
  log(): Promise<string>;
}

const masterServices = [
  "pickup unix n - n 60 1 pickup",
  "cleanup unix n - n - 0 cleanup",
  "qmgr unix n - n 300 1 qmgr",
  "rewrite unix - - n - - trivial-rewrite",
  "bounce unix - - n - 0 bounce",
  "defer unix - - n - 0 bounce",
  "trace unix - - n - 0 bounce",
  "verify unix - - n - 1 verify",
  "tlsmgr unix - - n 1000? 1 tlsmgr",
  "flush unix n - n 1000? 0 flush",
  "proxymap unix - - n - - proxymap",
  "error unix - - n - - error",
  "retry unix - - n - - error",
  "discard unix - - n - - discard",
  "virtual unix - n n - - virtual",
  "anvil unix - - n - 1 anvil",
  "showq unix n - n - - showq",
  "postlog unix-dgram n - n - 1 postlogd",
];

/**
 * Sets up a private instance (needs root) and starts it on `port`. Mailboxes are local parts: `anna` takes anna@example.org. With `isTls` it
 * offers STARTTLS, with a certificate for 127.0.0.1 that signs itself.
 */
export async function startPostfix(
  port: number,
  mailboxes: readonly string[],
  { isTls = false } = {},
): Promise<PostfixPeer> {
  const directory = await temporaryDirectory("postfix");
  // postfix changes to its own user and has to pass.
  await chmod(directory, 0o755);
  const path = (name: string) => join(directory, name);
  const uid = await idOf("-u");
  const gid = await idOf("-g");
  for (const name of ["etc", "queue", "data", "mail", "log"]) await mkdir(path(name));
  for (const name of ["data", "mail"]) await chown(path(name), uid, gid);
  for (const name of ["post-install", "postfix-files", "postfix-script"]) {
    await copyFile(join("/etc/postfix", name), path(`etc/${name}`));
    await chmod(path(`etc/${name}`), 0o755);
  }
  await cp("/etc/postfix/postfix-files.d", path("etc/postfix-files.d"), { recursive: true }).catch(() => {});
  const maps = mailboxes.map((mailbox) => `${mailbox}@example.org ${mailbox}/\n`).join("");
  await writeFile(path("etc/mailboxes"), maps);
  await writeFile(path("etc/master.cf"), `127.0.0.1:${port} inet n - n - - smtpd\n${masterServices.join("\n")}\n`);
  const settings = {
    compatibility_level: "3.6",
    queue_directory: path("queue"),
    data_directory: path("data"),
    maillog_file: path("log/mail.log"),
    maillog_file_prefixes: `${directory}, /var`,
    myhostname: "mail.example.org",
    mydestination: "",
    inet_interfaces: "127.0.0.1",
    inet_protocols: "ipv4",
    mynetworks: "127.0.0.0/8",
    alias_maps: "",
    virtual_mailbox_domains: "example.org",
    virtual_mailbox_base: path("mail"),
    virtual_mailbox_maps: `texthash:${path("etc/mailboxes")}`,
    virtual_minimum_uid: "1",
    virtual_uid_maps: `static:${uid}`,
    virtual_gid_maps: `static:${gid}`,
    default_transport: "error:nothing leaves this machine",
    relay_transport: "error:nothing leaves this machine",
    smtpd_tls_security_level: isTls ? "encrypt" : "none",
    ...(isTls ? { smtpd_tls_cert_file: path("etc/cert.pem"), smtpd_tls_key_file: path("etc/key.pem") } : {}),
    smtpd_tls_received_header: "yes",
  };
  if (isTls) await makeCertificate(path("etc/key.pem"), path("etc/cert.pem"));
  const main = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  await writeFile(path("etc/main.cf"), main.join(""));

  const log = () => readFile(path("log/mail.log"), "utf8").catch(() => "");
  const control = (verb: string) => run(postfixProgram, ["-c", path("etc"), verb]);
  const stop = async () => void (await control("stop").catch(() => {}));
  const start = async () => {
    await control("start");
    await waitFor(() => answers(port), 15_000, "postfix").catch(async (error: unknown) => {
      throw new Error(`postfix did not come up:\n${await log()}`, { cause: error });
    });
  };
  await start();
  return {
    url: `smtp://127.0.0.1:${port}`,
    certificateFile: path("etc/cert.pem"),
    start,
    stop,
    log,
    async mailsOf(mailbox) {
      const folder = path(`mail/${mailbox}/new`);
      const names = await readdir(folder).catch(() => []);
      const mails = names.sort().map((name) => readFile(join(folder, name), "utf8"));
      return await Promise.all(mails);
    },
  };
}

/** The user or group id (`-u`, `-g`) that postfix runs as. */
async function idOf(flag: "-u" | "-g"): Promise<number> {
  return Number((await run("id", [flag, "postfix"])).stdout.trim());
}

async function makeCertificate(keyFile: string, certificateFile: string): Promise<void> {
  const name = ["-subj", "/CN=mail.example.org", "-addext", "subjectAltName=IP:127.0.0.1"];
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", keyFile];
  await run("openssl", ["req", "-x509", "-days", "2", ...name, ...key, "-out", certificateFile]);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (greeting) => end(greeting.toString().startsWith("220")));
    socket.once("error", () => end(false));
    socket.once("close", () => resolve(false));
  });
}
