/**
 * How `mycloud server` ends. Numbers follow BSD's sysexits.h where it has one and are those of every other `mycloud` command (docs/cli.md).
 */
export const exitCodes = {
  ok: { code: 0, meaning: "ended as asked" },
  usage: { code: 64, meaning: "unknown command or option, missing argument" },
  unavailable: { code: 69, meaning: "the database does not answer, or is newer than this program" },
  internal: { code: 70, meaning: "a fault of this program; please report it" },
  addressInUse: { code: 71, meaning: "the address is taken, or the state directory is used by a running instance" },
  cannotWrite: { code: 73, meaning: "the state directory cannot be made or written" },
  notAllowed: { code: 77, meaning: "this user may not listen there" },
  configuration: { code: 78, meaning: "a setting (flag, environment, configuration file) is wrong" },
} as const;

export type ExitCodeName = keyof typeof exitCodes;

/** Why the control plane cannot start, in one line for a person. */
export class StartError extends Error {
  readonly exitCode: number;

  constructor(name: ExitCodeName, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "StartError";
    this.exitCode = exitCodes[name].code;
  }
}
