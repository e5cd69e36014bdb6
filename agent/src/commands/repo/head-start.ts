import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { beginStretching, type HeadStart } from "@mycloud/backup/stretching";
import { passwordInFile } from "./password-in-file.ts";

/** What a repository in a directory is opened with, as far as it can be told before the command line is understood. */
export interface HeadStartPlan {
  readonly directory: string;
  readonly password: { readonly file: string } | { readonly text: string };
  readonly keyHint: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Begins to stretch the password of `mycloud repo ...`, while the command itself is still being loaded; that takes another processor as
 * long. Null for a repository on a server, a password that is typed or printed by a command, and whatever else is not plain to see.
 */
export function beginHeadStart(
  words: readonly string[],
  environment: Environment,
  workingDirectory: string,
): HeadStart | null {
  const plan = planHeadStart(words, environment);
  if (plan === null) return null;
  const password =
    "text" in plan.password ? plan.password.text : readPassword(resolve(workingDirectory, plan.password.file));
  return beginStretching(resolve(workingDirectory, plan.directory), password, plan.keyHint);
}

/** Empty when it is no file, or cannot be read: a pipe gives its content once, and not to a guess. */
function readPassword(path: string): string {
  try {
    return statSync(path).isFile() ? passwordInFile(readFileSync(path, "utf8")) : "";
  } catch {
    return "";
  }
}

/** The plan that words and environment make; as `repositorySettings` and `repositoryPassword` settle it where it is not null. Pure. */
export function planHeadStart(words: readonly string[], environment: Environment): HeadStartPlan | null {
  const end = words.indexOf("--");
  const options = end === -1 ? words : words.slice(0, end);
  if (options[0] !== "repo" || options.includes("--help") || options.includes("-h")) return null;
  if (options.some((word) => word.startsWith("--password-command") || word.startsWith("--repository-file")))
    return null;
  const { MYCLOUD_REPOSITORY, RESTIC_REPOSITORY, MYCLOUD_PASSWORD_FILE, RESTIC_PASSWORD_FILE } = environment;
  const location = lastValue(options, "-r", "--repo") ?? (MYCLOUD_REPOSITORY || RESTIC_REPOSITORY);
  const given = lastValue(options, "-p", "--password-file");
  const file = given ?? (MYCLOUD_PASSWORD_FILE || RESTIC_PASSWORD_FILE);
  const text = environment.RESTIC_PASSWORD_COMMAND ? undefined : environment.RESTIC_PASSWORD;
  const password = file ? { file } : text ? { text } : null;
  if (!location || password === null) return null;
  if (given === undefined && environment.RESTIC_PASSWORD_COMMAND) return null;
  const directory = location.startsWith("local:") ? location.slice("local:".length) : location;
  if (directory === location && /^[a-z][a-z0-9+.-]+:/i.test(location)) return null;
  const keyHint = lastValue(options, undefined, "--key-hint") ?? (environment.RESTIC_KEY_HINT || null);
  return { directory, password, keyHint };
}

/** What was written last behind an option. */
function lastValue(words: readonly string[], short: string | undefined, long: string): string | undefined {
  let value: string | undefined;
  for (const [at, word] of words.entries()) {
    if (word === long || word === short) value = words[at + 1] ?? value;
    else if (word.startsWith(`${long}=`)) value = word.slice(long.length + 1);
    else if (short !== undefined && word.startsWith(short) && !word.startsWith("--")) value = word.slice(short.length);
  }
  return value;
}
