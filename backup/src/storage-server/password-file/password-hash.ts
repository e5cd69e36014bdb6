import { argon2, randomBytes, timingSafeEqual } from "node:crypto";

// OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 60 ms of one core.
const standard = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const phcForm =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

interface Parameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
  readonly tagLength: number;
  readonly nonce: Buffer;
}

/** A hash of a password in PHC form: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const parameters = { ...standard, nonce: randomBytes(16) };
  const tag = await derive(password, parameters);
  const { memory, passes, parallelism, nonce } = parameters;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

/** Whether this is the password. Takes as long when `stored` is null (no such user) or in no known form: then false. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const known = stored === null ? null : parseHash(stored);
  const tag = await derive(password, known?.parameters ?? { ...standard, nonce: randomBytes(16) });
  return known !== null && timingSafeEqual(tag, known.tag);
}

// The same letters typed on two keyboards may be different code points.
async function derive(password: string, parameters: Parameters): Promise<Buffer> {
  const message = password.normalize("NFKC");
  return await new Promise((resolve, reject) => {
    argon2("argon2id", { message, ...parameters }, (error, tag) => (error ? reject(error) : resolve(tag)));
  });
}

const base64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

function parseHash(stored: string): { parameters: Parameters; tag: Buffer } | null {
  const [, memory, passes, lanes, salt, hash] = phcForm.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) return null;
  const tag = Buffer.from(hash, "base64");
  const parameters = {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
    tagLength: tag.length,
    nonce: Buffer.from(salt, "base64"),
  };
  return { parameters, tag };
}
