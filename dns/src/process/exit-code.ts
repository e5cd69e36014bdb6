/** How `mycloud dns serve` ends. Numbers follow BSD's sysexits.h and are those of every other `mycloud` command (docs/cli.md). */
export const exitCodes = {
  ok: { code: 0, meaning: "ended as asked" },
  usage: { code: 64, meaning: "unknown command or option" },
  internal: { code: 70, meaning: "a fault of this program; please report it" },
  addressInUse: { code: 71, meaning: "an address is taken, or the state directory is used by a running name server" },
  notAllowed: { code: 77, meaning: "this user may not listen there" },
  configuration: { code: 78, meaning: "an option, the configuration file or a zone file is wrong" },
} as const;

export type ExitCodeName = keyof typeof exitCodes;

/** Why the name server cannot start, in one line for a person. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly exitCode: number;

  constructor(name: ExitCodeName, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.exitCode = exitCodes[name].code;
  }
}
