import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { writeFileAtomically } from "../state-directory/index.ts";

/** The key of a private repository, with what a person needs to use it. */
export const PrivateKey = z.object({
  policyName: z.string(),
  /** As restic writes it: `rest:https://backup.example.org/acme/web1/home/`. */
  location: z.string(),
  /** What the storage server's certificate is checked with, as PEM. */
  certificateAuthority: z.string().nullable().default(null),
  password: z.string().min(1),
});
export type PrivateKey = z.infer<typeof PrivateKey>;

/**
 * The password of a private repository, made on this host when it is first needed (mode 0600), and durable before anything is written with it. Throws
 * what the file system says, and Error for a file that is damaged: another password would lock the repository's owner out.
 */
export async function privatePassword(
  directory: string,
  repositoryId: number,
  about: Omit<PrivateKey, "password">,
): Promise<string> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${repositoryId}.json`);
  const present = await readKey(path);
  const password = present?.password ?? randomBytes(32).toString("base64url");
  if (present === undefined || !isDeepStrictEqual(present, { ...about, password })) {
    await writeFileAtomically(path, `${JSON.stringify({ ...about, password }, null, 2)}\n`, { mode: 0o600 });
  }
  return password;
}

/** The password of a private repository that this host has; undefined when it has none. Throws what the file system says, and Error for a damaged file. */
export async function readPrivatePassword(directory: string, repositoryId: number): Promise<string | undefined> {
  return (await readKey(join(directory, `${repositoryId}.json`)))?.password;
}

/** Every key of this host. Throws what the file system says. */
export async function readPrivateKeys(directory: string): Promise<PrivateKey[]> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const keys: PrivateKey[] = [];
  for (const name of names.filter((one) => one.endsWith(".json")).sort()) {
    const key = await readKey(join(directory, name));
    if (key !== undefined) keys.push(key);
  }
  return keys;
}

async function readKey(path: string): Promise<PrivateKey | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const parsed = PrivateKey.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${path} is damaged; put back the copy of it that you kept`);
  return parsed.data;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
