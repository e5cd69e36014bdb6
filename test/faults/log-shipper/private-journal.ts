import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Cleanup, waitFor } from "../../support/index.ts";

/** A journald that has nothing to do with the machine's own. */
export interface PrivateJournal {
  /** journald's native protocol: numbered entries from `from` to below `to`, each with a field of bytes; every seventh has three lines. Resolves when all were sent. */
  send(from: number, to: number): Promise<void>;
  /** Begins a new file. */
  rotate(): void;
  /** Removes the files that are no longer written to. */
  vacuum(): void;
}

/** Of an entry, as `send` makes it. Pure. */
export function messageOf(number: number): string {
  return number % 7 === 0 ? `entry ${number}\n  at one\n  at two` : `entry ${number}`;
}

/** Why it cannot be here; undefined when it can. */
export function privateJournalHindrance(): string | undefined {
  if (process.getuid?.() !== 0) return "only root has mount namespaces of its own";
  if (!existsSync(daemon)) return `${daemon} is not installed`;
  const { status } = spawnSync("unshare", ["--mount", "true"]);
  return status === 0 ? undefined : "no mount namespace can be made here";
}

const daemon = "/lib/systemd/systemd-journald";

/** Files small enough to be rotated by themselves as well; nothing is dropped for coming too fast. */
const configuration = `[Journal]
Storage=volatile
RateLimitIntervalSec=0
RateLimitBurst=0
RuntimeMaxUse=512M
RuntimeMaxFileSize=1M
RuntimeMaxFiles=1000
ForwardToSyslog=no
ForwardToWall=no
ReadKMsg=no
Audit=no
`;

/** Entries by the native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), what has line ends or is no text with its length before it. */
const sender = `
use IO::Socket::UNIX; use Socket;
my ($path, $from, $to) = @ARGV;
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $path) or die "no socket: $!";
for my $number ($from .. $to - 1) {
  my $message = $number % 7 == 0 ? "entry $number\\n  at one\\n  at two" : "entry $number";
  my $bytes = join "", map { chr(($number + $_) % 256) } 0 .. 15;
  my $entry = "MESSAGE\\n" . pack("Q<", length $message) . "$message\\nBYTES\\n" . pack("Q<", 16) . "$bytes\\nSYSLOG_IDENTIFIER=story\\nPRIORITY=6\\n";
  defined $socket->send($entry) or die "not sent: $!";
}
`;

/**
 * Starts journald in a mount namespace where /run is its own, with its files and its socket in `directory`; and puts a `journalctl` that reads those first on the path
 * of what is started from now on.
 */
export async function startPrivateJournal(cleanup: Cleanup, directory: string): Promise<PrivateJournal> {
  const [files, sockets, programs] = ["files", "sockets", "bin"].map((name) => join(directory, name));
  if (files === undefined || sockets === undefined || programs === undefined) throw new Error("no folders");
  for (const folder of [files, sockets, programs]) mkdirSync(folder);
  writeFileSync(join(directory, "journald.conf"), configuration);
  const setUp = `
    set -e
    mkdir "$1/run" && mount -t tmpfs tmpfs "$1/run" && cd "$1/run"
    mkdir -p log/journal systemd/journal systemd/journald.conf.d
    mount --bind "$1/files" log/journal
    mount --bind "$1/sockets" systemd/journal
    cp "$1/journald.conf" systemd/journald.conf.d/private.conf
    mount --rbind . /run
    cd / && exec ${daemon}`;
  const child: ChildProcess = spawn("unshare", ["--mount", "bash", "-c", setUp, "bash", directory], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  cleanup.after(async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  });
  const socket = join(sockets, "socket");
  await waitFor(() => existsSync(socket), 30_000, "journald's socket").catch((error: unknown) => {
    throw new Error(`${error}: ${said}`);
  });
  writeFileSync(join(programs, "journalctl"), `#!/bin/sh\nexec /usr/bin/journalctl --directory="${files}" "$@"\n`);
  chmodSync(join(programs, "journalctl"), 0o755);
  const path = process.env.PATH ?? "";
  process.env.PATH = `${programs}${delimiter}${path}`;
  cleanup.after(() => {
    process.env.PATH = path;
  });
  return {
    send: (from, to) =>
      new Promise((resolve, reject) => {
        const sending = spawn("perl", ["-e", sender, socket, String(from), String(to)], { stdio: "inherit" });
        sending.once("error", reject);
        sending.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`perl ended with ${code}`))));
      }),
    // sigaction of systemd-journald(8).
    rotate: () => void child.kill("SIGUSR2"),
    vacuum() {
      const done = spawnSync(join(programs, "journalctl"), ["--vacuum-files=1"], { encoding: "utf8" });
      if (done.status !== 0) throw new Error(`nothing was vacuumed: ${done.stderr}`);
    },
  };
}
