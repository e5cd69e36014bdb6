/** A package that `apt-get -s upgrade` would install. */
export interface PendingUpdate {
  readonly name: string;
  readonly installedVersion: string | undefined;
  readonly newVersion: string;
  readonly isSecurity: boolean;
  /** The line as apt prints it; what check_apt's patterns are held against. */
  readonly line: string;
}

/** How Debian and Ubuntu call their archives of security updates (check_apt's own pattern). */
const SECURITY = /\(.* (Debian-Security:|Ubuntu:[^/]*\/[^-]*-security)/;
const INST = /^Inst (\S+)(?: \[([^\]]*)\])? \((\S+) /;

/** Reads the `Inst NAME [OLD] (NEW ORIGIN [ARCH])` lines of a simulated upgrade. */
export function parseAptSimulation(text: string): PendingUpdate[] {
  return text.split("\n").flatMap((line) => {
    const match = INST.exec(line);
    if (match === null) return [];
    const [, name = "", installedVersion, newVersion = ""] = match;
    return [{ name, installedVersion, newVersion, isSecurity: SECURITY.test(line), line }];
  });
}
