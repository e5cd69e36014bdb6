import { randomBytes } from "node:crypto";
import { hostname, userInfo } from "node:os";
import type { Id } from "../blob/index.ts";
import {
  createCipher,
  decodeMasterKey,
  defaultKdfParameters,
  deriveKey,
  encodeMasterKey,
  type KdfParameters,
  type MasterKey,
} from "../crypto/index.ts";
import { DocumentFields } from "../document/index.ts";
import { DamagedError, InputError } from "../error/index.ts";
import type { HeadStart } from "../stretching/index.ts";

/** Who a key is for, as people read it in a list. */
export interface KeyOwner {
  readonly username: string;
  readonly hostname: string;
}

/** What a key file says without a password. */
export interface KeyInfo extends KeyOwner {
  readonly id: Id;
  /** RFC 3339. */
  readonly created: string;
  /** Whether the repository was opened with it. */
  readonly isCurrent: boolean;
}

export interface NewKeyOptions {
  /** The user of this process on this host unless given. */
  readonly owner?: KeyOwner;
  readonly kdf?: KdfParameters;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** A key file (doc/design.rst, "Keys, Encryption and MAC"). `salt` and `data` are base64. */
export interface KeyFile extends KeyOwner {
  readonly created: string;
  readonly kdf: string;
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly data: string;
}

/** Bytes of salt; restic takes no other number. */
const saltBytes = 64;

/** Reads a key file. Throws DamagedError. */
export function parseKeyFile(id: Id, bytes: Uint8Array): KeyFile {
  const damaged = (message: string) => new DamagedError(`keys/${id}`, `is no key: ${message}`);
  const fields = new DocumentFields(parseJson(bytes), damaged);
  const kdf = fields.text("kdf");
  if (kdf !== "scrypt") {
    throw new DamagedError(`keys/${id}`, `is made with "${kdf}"; scrypt is the only way that is known`);
  }
  return {
    created: fields.text("created", { fallback: "" }),
    username: fields.text("username", { fallback: "" }),
    hostname: fields.text("hostname", { fallback: "" }),
    kdf,
    N: fields.wholeNumber("N", { least: 1 }),
    r: fields.wholeNumber("r", { least: 1 }),
    p: fields.wholeNumber("p", { least: 1 }),
    salt: fields.text("salt", { isForm: isBase64 }),
    data: fields.text("data", { isForm: isBase64 }),
  };
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** The master key in a key file, or null when the password is not the one of this key. Throws DamagedError. */
export async function openKeyFile(
  id: Id,
  file: KeyFile,
  password: string,
  headStart: HeadStart | null = null,
): Promise<MasterKey | null> {
  const userKey = await deriveKey(password, Buffer.from(file.salt, "base64"), file, headStart);
  const plaintext = createCipher(userKey).open(Buffer.from(file.data, "base64"));
  if (plaintext === null) return null;
  const masterKey = decodeMasterKey(parseJson(plaintext));
  if (masterKey === null) throw new DamagedError(`keys/${id}`, "opens, but holds no master key");
  return masterKey;
}

/** The bytes of a new key file for this master key. Throws InputError for an empty password. */
export async function makeKeyFile(masterKey: MasterKey, password: string, options: NewKeyOptions): Promise<Buffer> {
  if (password === "") throw new InputError("an empty password protects nothing; give one");
  const { N, r, p } = options.kdf ?? defaultKdfParameters;
  const salt = randomBytes(saltBytes);
  const userKey = await deriveKey(password, salt, { N, r, p });
  const sealed = createCipher(userKey).seal(Buffer.from(JSON.stringify(encodeMasterKey(masterKey))));
  const owner = options.owner ?? presentOwner();
  const file: KeyFile = {
    created: new Date(options.now()).toISOString(),
    username: owner.username,
    hostname: owner.hostname,
    kdf: "scrypt",
    N,
    r,
    p,
    salt: salt.toString("base64"),
    data: Buffer.from(sealed).toString("base64"),
  };
  return Buffer.from(JSON.stringify(file));
}

/** What some JSON says; null when it is none, which no schema takes. */
function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null;
  }
}

function presentOwner(): KeyOwner {
  return { username: userNameOfProcess(), hostname: hostname() };
}

/** The name of the user of this process; its number when the system has no name for it. */
export function userNameOfProcess(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
