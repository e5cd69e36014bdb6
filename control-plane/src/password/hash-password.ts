import { argon2, type BinaryLike, randomBytes, timingSafeEqual } from "node:crypto";
import { UnavailableError } from "../error/index.ts";

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 60 ms here.
const memoryKibibytes = 19_456;
const passes = 2;
const parallelism = 1;
const tagBytes = 32;
const maximumRunning = 2;
const maximumWaiting = 64;

/** Hashes passwords with argon2id; at most two at a time, because each takes 19 MiB and a core. */
export interface PasswordHasher {
  /** A hash in PHC form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
  hash(password: string): Promise<string>;
  /** Takes the same time when `stored` is null (no such user): then false. */
  verify(password: string, stored: string | null): Promise<boolean>;
}

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly nonce: Buffer;
  readonly tagLength: number;
}

/** Throws UnavailableError from its functions when more than 64 callers wait. */
export function createPasswordHasher(): PasswordHasher {
  const waiting: (() => void)[] = [];
  let running = 0;

  async function derive(message: BinaryLike, parameters: Parameters): Promise<Buffer> {
    if (waiting.length >= maximumWaiting)
      throw new UnavailableError("too many people are signing in at this moment", 5);
    if (running >= maximumRunning) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await new Promise((resolve, reject) => {
        argon2("argon2id", { message, ...parameters }, (error, tag) => (error ? reject(error) : resolve(tag)));
      });
    } finally {
      const next = waiting.shift();
      // The place passes to the next in line; only an empty line frees it.
      if (next === undefined) running--;
      else next();
    }
  }

  const standard = (): Parameters => ({
    memory: memoryKibibytes,
    passes,
    parallelism,
    nonce: randomBytes(16),
    tagLength: tagBytes,
  });

  return {
    async hash(password) {
      const parameters = standard();
      const tag = await derive(normalised(password), parameters);
      return formatHash(parameters, tag);
    },
    async verify(password, stored) {
      const known = stored === null ? null : parseHash(stored);
      const tag = await derive(normalised(password), known?.parameters ?? standard());
      return known !== null && tag.length === known.tag.length && timingSafeEqual(tag, known.tag);
    },
  };
}

// The same letters typed on two keyboards may be different code points.
const normalised = (password: string): string => password.normalize("NFKC");

const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

function formatHash({ memory, passes, parallelism, nonce }: Parameters, tag: Buffer): string {
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

function parseHash(stored: string): { parameters: Parameters; tag: Buffer } | null {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored);
  if (match === null) return null;
  const [, memory, time, lanes, salt = "", hash = ""] = match;
  const tag = Buffer.from(hash, "base64");
  const parameters = {
    memory: Number(memory),
    passes: Number(time),
    parallelism: Number(lanes),
    nonce: Buffer.from(salt, "base64"),
    tagLength: tag.length,
  };
  return { parameters, tag };
}
