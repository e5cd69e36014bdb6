import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "../start-error.ts";

/** The control plane's files below its state directory, which no other instance uses while this is open. */
export interface StateDirectory {
  readonly databaseFile: string;
  readonly adminPasswordFile: string;
  /** The token in `operator-token`, or null. */
  readOperatorToken(): Promise<string | null>;
  writeOperatorToken(token: string): Promise<void>;
  writeAdminPassword(password: string): Promise<void>;
  /**
   * The 32 bytes that secrets in the database are sealed with, from `file`, or from `master-key`, which is made when there is none. Several control
   * planes share one file's content. Throws StartError when it cannot be read or is no key.
   */
  readMasterKey(file: string | null): Promise<Uint8Array>;
  /** Tells commands on this machine where the instance listens. */
  writeServerFile(server: { readonly url: string; readonly pid: number; readonly startedAtMs: number }): Promise<void>;
  /** Removes server.json and lets another instance in. */
  close(): Promise<void>;
}

/**
 * Makes the directory (0700) where it is missing and takes it for this process. Throws StartError when it cannot be written or another
 * instance has it.
 */
export function openStateDirectory(directory: string): StateDirectory {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartError("cannotWrite", `cannot make the state directory ${directory}: ${codeOf(error)}`, error);
  }
  const lock = takeLock(directory);
  const path = (name: string): string => join(directory, name);
  const serverFile = path("server.json");
  return {
    databaseFile: path("mycloud.sqlite"),
    adminPasswordFile: path("admin-password"),
    readOperatorToken: async () => {
      try {
        return (await readFile(path("operator-token"), "utf8")).trim() || null;
      } catch (error) {
        if (codeOf(error) === "ENOENT") return null;
        throw new StartError("cannotWrite", `cannot read ${path("operator-token")}: ${codeOf(error)}`, error);
      }
    },
    writeOperatorToken: (token) => writeSecret(path("operator-token"), `${token}\n`, 0o600),
    writeAdminPassword: (password) => writeSecret(path("admin-password"), `${password}\n`, 0o600),
    readMasterKey: async (file) => {
      if (file !== null) return await readKey(file);
      const own = path("master-key");
      try {
        return await readKey(own);
      } catch (error) {
        if (!(error instanceof StartError) || codeOf(error.cause) !== "ENOENT") throw error;
      }
      await writeSecret(own, `${randomBytes(32).toString("base64")}\n`, 0o600);
      return await readKey(own);
    },
    writeServerFile: (server) => writeSecret(serverFile, `${JSON.stringify(server)}\n`, 0o644),
    close: async () => {
      await rm(serverFile, { force: true });
      lock.close();
    },
  };
}

/**
 * The lock is a SQLite file in an open exclusive transaction: the kernel's lock behind it ends with the process, however it ends, which
 * a file with a process number in it would not.
 */
function takeLock(directory: string): DatabaseSync {
  const path = join(directory, "server.lock");
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(path, { timeout: 0 });
    chmodSync(path, 0o600);
    lock.exec("begin exclusive");
    return lock;
  } catch (error) {
    lock?.close();
    const isBusy = error instanceof Error && "errcode" in error && error.errcode === 5;
    if (isBusy)
      throw new StartError("addressInUse", `the state directory ${directory} is used by ${otherInstance(directory)}`);
    throw new StartError("cannotWrite", `cannot write to the state directory ${directory}: ${reasonOf(error)}`, error);
  }
}

function otherInstance(directory: string): string {
  try {
    const { pid, url } = JSON.parse(readFileSync(join(directory, "server.json"), "utf8"));
    return `another MyCloud server (process ${pid} at ${url}); stop it or choose another with --state-dir DIR`;
  } catch {
    return "another MyCloud server; stop it or choose another with --state-dir DIR";
  }
}

async function readKey(path: string): Promise<Uint8Array> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new StartError("cannotWrite", `cannot read the master key ${path}: ${codeOf(error)}`, error);
  }
  const key = Buffer.from(text.trim(), "base64");
  if (key.length === 32) return key;
  const message = `${path} holds no master key; expected 32 bytes in base64, as \`openssl rand -base64 32\` prints them`;
  throw new StartError("configuration", message);
}

/** Replaces a file at once and durably. */
async function writeSecret(path: string, content: string, mode: number): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await rm(temporary, { force: true });
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    throw new StartError("cannotWrite", `cannot write ${path}: ${codeOf(error)}`, error);
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : String(error);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
