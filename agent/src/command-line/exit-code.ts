/**
 * What an exit code says. One code per failure that a script would treat differently; numbers follow BSD's sysexits.h where it has one.
 * This table is printed by `--help` and written into docs/cli.md. `mycloud check NAME` is the exception: it ends as Nagios plugins do.
 */
export const exitCodeTable = [
  { name: "ok", code: 0, meaning: "done" },
  { name: "failed", code: 1, meaning: "it was tried and did not succeed; the message says why" },
  {
    name: "incomplete",
    code: 3,
    meaning: "finished, but some files could not be read, carried or restored whole; each was named",
  },
  { name: "repositoryMissing", code: 10, meaning: "there is no backup repository at that place" },
  { name: "locked", code: 11, meaning: "somebody else has locked the repository" },
  { name: "wrongPassword", code: 12, meaning: "no key of the repository opens with this password" },
  { name: "usage", code: 64, meaning: "wrong usage: unknown command or option, missing argument" },
  { name: "input", code: 65, meaning: "the input is wrong: a file, a value, a definition; nothing was changed" },
  { name: "notFound", code: 66, meaning: "no such host, service, file, ..." },
  {
    name: "unavailable",
    code: 69,
    meaning: "no control plane, database or storage is reachable there, or the runtime is missing",
  },
  { name: "internal", code: 70, meaning: "a fault of this program; please report it" },
  {
    name: "addressInUse",
    code: 71,
    meaning: "an address is taken, or the state directory is used by a running instance",
  },
  { name: "cannotWrite", code: 73, meaning: "a file or the state directory cannot be written, or no space is left" },
  {
    name: "tryAgain",
    code: 75,
    meaning: "not now: too many requests, or the control plane is busy; the same again later can succeed",
  },
  { name: "notAllowed", code: 77, meaning: "not logged in, token refused, or not allowed" },
  { name: "configuration", code: 78, meaning: "a setting (flag, environment, configuration file) is wrong" },
  {
    name: "conflict",
    code: 79,
    meaning: "it contradicts what is stored: a name that is taken, something still referenced",
  },
  { name: "interrupted", code: 130, meaning: "interrupted (Ctrl-C)" },
] as const;

export type ExitCodeName = (typeof exitCodeTable)[number]["name"];

/** The number of an exit code. */
export function exitCode(name: ExitCodeName): number {
  return exitCodeTable.find((entry) => entry.name === name)?.code ?? 1;
}

/** The table as `--help` shows it. */
export function describeExitCodes(): string {
  return exitCodeTable.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join("\n");
}

/** For the help of single commands. */
export const exitCodesInShort =
  "Exit codes: 0 done, 1 failed, 64 usage, 65 input, 66 not found, 69 unavailable, 77 not allowed; mycloud --help lists all.";
