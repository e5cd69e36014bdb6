import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { CommandError, resolveFrom, type Terminal } from "../../command-line/index.ts";
import { readPassword } from "../read-password.ts";
import { passwordInFile } from "./password-in-file.ts";
import { splitWords } from "./split-words.ts";

/** Where a password may come from; the names of the flags are those of the options. */
export interface PasswordSource {
  readonly passwordFile?: string | undefined;
  readonly passwordCommand?: string | undefined;
}

/**
 * The repository's password: from the file or command of a flag, then of the environment, then typed. Spaces and line ends around it do not
 * count, as restic has it. Throws CommandError.
 */
export async function repositoryPassword(terminal: Terminal, flags: PasswordSource): Promise<string> {
  const given = await givenPassword(terminal, flags);
  if (given !== undefined) return given;
  const { environment } = terminal;
  const fromEnvironment = await givenPassword(terminal, {
    passwordFile: environment.MYCLOUD_PASSWORD_FILE || environment.RESTIC_PASSWORD_FILE || undefined,
    passwordCommand: environment.RESTIC_PASSWORD_COMMAND || undefined,
  });
  if (fromEnvironment !== undefined) return fromEnvironment;
  if (environment.RESTIC_PASSWORD) return environment.RESTIC_PASSWORD;
  return typedPassword(terminal, "Password of the repository: ");
}

/** A new password: from a file, or typed twice on a terminal. */
export async function newPassword(terminal: Terminal, file: string | undefined, prompt: string): Promise<string> {
  const given = await givenPassword(terminal, { passwordFile: file });
  if (given !== undefined) return given;
  const password = await typedPassword(terminal, prompt);
  if (password !== (await typedPassword(terminal, "The same again: "))) {
    throw new CommandError("input", "the two passwords differ; nothing was changed");
  }
  return password;
}

/** The password to make a repository with: as `repositoryPassword`, but typed ones are typed twice. */
export async function firstPassword(terminal: Terminal, flags: PasswordSource): Promise<string> {
  const { environment } = terminal;
  const names = ["MYCLOUD_PASSWORD_FILE", "RESTIC_PASSWORD_FILE", "RESTIC_PASSWORD_COMMAND", "RESTIC_PASSWORD"];
  const isGiven =
    flags.passwordFile !== undefined || flags.passwordCommand !== undefined || names.some((name) => environment[name]);
  return isGiven
    ? repositoryPassword(terminal, flags)
    : newPassword(terminal, undefined, "Password for the new repository: ");
}

async function givenPassword(terminal: Terminal, source: PasswordSource): Promise<string | undefined> {
  const { passwordFile, passwordCommand } = source;
  if (passwordFile !== undefined && passwordCommand !== undefined) {
    throw new CommandError("usage", "a password file and a password command are given both; give one of them");
  }
  if (passwordFile !== undefined) {
    const text = await readFile(resolveFrom(terminal.workingDirectory, passwordFile), "utf8");
    return filled(text, passwordFile);
  }
  return passwordCommand === undefined ? undefined : await printedPassword(terminal, passwordCommand);
}

async function printedPassword(terminal: Terminal, text: string): Promise<string> {
  const [program, ...args] = splitWords(text);
  if (program === undefined) throw new CommandError("usage", "the password command is empty");
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: terminal.workingDirectory,
      env: { ...terminal.environment },
      encoding: "utf8",
      signal: terminal.signal,
    });
    return filled(stdout, `the output of ${program}`);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    throw new CommandError("failed", `the password command failed: ${reason}`, { cause: error });
  }
}

function filled(text: string, origin: string): string {
  const password = passwordInFile(text);
  if (password === "") throw new CommandError("input", `${origin} is empty; a password is expected there`);
  return password;
}

async function typedPassword(terminal: Terminal, prompt: string): Promise<string> {
  if (terminal.stdin.isTTY !== true) {
    throw new CommandError(
      "usage",
      "no password: give --password-file FILE or --password-command COMMAND, or set MYCLOUD_PASSWORD_FILE",
    );
  }
  const password = await readPassword(terminal, undefined, prompt);
  if (password === "") throw new CommandError("input", "the password is empty");
  return password;
}
