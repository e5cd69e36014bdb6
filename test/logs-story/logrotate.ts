import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { requirePeer } from "../peers/peer.ts";

const run = promisify(execFile);

const logrotate = "/usr/sbin/logrotate";

/** Why the story cannot be told here; false when it can. */
export function hindrance(): string | false {
  let reason: string | false = false;
  const skip = (message = "") => {
    reason = message;
  };
  requirePeer({ skip }, logrotate, "logrotate");
  return reason;
}

/** What rotates `<directory>/<name>.log` with Debian's logrotate, compressed at once; the writer is told by the file `reopen`. */
export async function createLogrotate(directory: string, name: string): Promise<() => Promise<void>> {
  const configuration = join(directory, "logrotate.conf");
  const request = join(directory, "reopen");
  const user = process.getuid?.() === 0 ? "su root root\n" : "";
  const script = `postrotate\ntouch ${request}; while [ -e ${request} ]; do sleep 0.01; done\nendscript`;
  const text = `${directory}/${name}.log {\n${user}rotate 20\nsize 1\ncreate\ncompress\n${script}\n}\n`;
  await writeFile(configuration, text, { mode: 0o644 });
  return async () => {
    await run(logrotate, ["--force", "--state", join(directory, "logrotate.state"), configuration]);
  };
}
