import { readdirSync, readFileSync } from "node:fs";

/** The kinds of place a host writes down who is logged in. */
export interface LoginSources {
  readonly utmpPath: string;
  readonly sessionsFolder: string;
}

/** Records are 384 bytes on x86 and 400 on arm64, whose glibc has 64-bit times in them (utmp(5)). */
const RECORD_BYTES = process.arch === "arm64" ? 400 : 384;
const USER_PROCESS = 7;
const USER_OFFSET = 44;
const USER_LENGTH = 32;

/**
 * The user of each login session: from utmp, else from systemd-logind (Debian 13 and later write no utmp).
 * Undefined where the host keeps neither.
 */
export function readLogins(sources: LoginSources): string[] | undefined {
  return readUtmp(sources.utmpPath) ?? readSessions(sources.sessionsFolder);
}

function readUtmp(path: string): string[] | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const users: string[] = [];
  for (let start = 0; start + RECORD_BYTES <= bytes.length; start += RECORD_BYTES) {
    if (bytes.readInt16LE(start) !== USER_PROCESS) continue;
    const name = bytes.toString("utf8", start + USER_OFFSET, start + USER_OFFSET + USER_LENGTH);
    users.push(name.replace(/\0.*$/s, ""));
  }
  return users;
}

function readSessions(folder: string): string[] | undefined {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return undefined;
  }
  return names.flatMap((name) => {
    // Beside each session lies a FIFO `NAME.ref`; opening that would block.
    if (name.includes(".")) return [];
    const text = readFileSync(`${folder}/${name}`, "utf8");
    const isUser = /^CLASS=user(-early)?$/m.test(text) && !/^STATE=closing$/m.test(text);
    return isUser ? [/^USER=(.*)$/m.exec(text)?.[1] ?? "?"] : [];
  });
}
