import { mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { writeFileDurably } from "../../durable-file/index.ts";
import { InputError } from "../../error/index.ts";
import { Verb } from "../capability/index.ts";
import { RepositoryPattern } from "../repository/repository-name.ts";
import { hashPassword } from "./password-hash.ts";

const PasswordEntry = z.object({
  /** A repository, `name/*` for all below a name, or `*` for all. */
  repository: RepositoryPattern,
  // `token` is how stock restic gives a token; see `tokenUser`.
  user: z
    .string()
    .regex(/^(?!token$)[^:\p{Cc}]{1,128}$/u, { error: 'is not 1 to 128 characters without colon, or is "token"' }),
  verbs: z.array(Verb).min(1),
  /** Absent: the server's default. 0 is unlimited. */
  quotaBytes: z.number().int().min(0).optional(),
  createdAtMs: z.number(),
  /** argon2id in PHC form. */
  hash: z.string().startsWith("$argon2id$"),
});
/** A user of a repository. */
export type PasswordEntry = z.infer<typeof PasswordEntry>;

const PasswordFile = z.object({ version: z.literal(1), entries: z.array(PasswordEntry) });

/** What a password gives when nothing else is said: writing without taking away. */
export const defaultPasswordVerbs = ["read", "append"] as const satisfies readonly Verb[];

/** Every entry; none when there is no such file. Throws InputError when it cannot be understood. */
export async function readPasswordFile(path: string): Promise<readonly PasswordEntry[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return [];
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path} is not JSON`, { cause });
  }
  const parsed = PasswordFile.safeParse(content);
  if (parsed.success) return parsed.data.entries;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
  throw new InputError(`${path} cannot be used: ${faults.join("; ")}`);
}

/** A password for a user of a repository. */
export interface PasswordRequest {
  readonly file: string;
  readonly repository: string;
  readonly user: string;
  readonly password: string;
  readonly verbs?: readonly Verb[];
  readonly quotaBytes?: number;
  /** Unix time in ms. */
  readonly now: () => number;
}

/** Sets or replaces a user's password; the file is made with mode 0600. Throws InputError. */
export async function setPassword(request: PasswordRequest): Promise<void> {
  if (request.password === "") throw new InputError("the password is empty");
  const entry = PasswordEntry.safeParse({
    repository: request.repository,
    user: request.user,
    verbs: [...new Set(request.verbs ?? defaultPasswordVerbs)],
    ...(request.quotaBytes === undefined ? {} : { quotaBytes: request.quotaBytes }),
    createdAtMs: request.now(),
    hash: await hashPassword(request.password),
  });
  if (!entry.success) {
    const faults = entry.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
    throw new InputError(`the password cannot be set: ${faults.join("; ")}`);
  }
  const others = (await readPasswordFile(request.file)).filter((other) => !isSameUser(other, request));
  await writePasswordFile(request.file, [...others, entry.data]);
}

/** Removes a user of a repository; false when there was none. */
export async function removePassword(request: Pick<PasswordRequest, "file" | "repository" | "user">): Promise<boolean> {
  const entries = await readPasswordFile(request.file);
  const others = entries.filter((entry) => !isSameUser(entry, request));
  if (others.length === entries.length) return false;
  await writePasswordFile(request.file, others);
  return true;
}

/** The users of a repository, or of all; without their hashes. */
export async function listPasswords(
  file: string,
  repository?: string,
): Promise<readonly Omit<PasswordEntry, "hash">[]> {
  const entries = await readPasswordFile(file);
  return entries
    .filter((entry) => repository === undefined || entry.repository === repository)
    .map(({ hash: _, ...entry }) => entry);
}

const isSameUser = (entry: PasswordEntry, { repository, user }: { repository: string; user: string }): boolean =>
  entry.repository === repository && entry.user === user;

async function writePasswordFile(path: string, entries: readonly PasswordEntry[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify({ version: 1, entries }, null, 2)}\n`;
  await writeFileDurably(path, Buffer.from(text), { mode: 0o600 });
}
