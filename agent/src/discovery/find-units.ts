import { readFileSync } from "node:fs";
import { programEnvironment, runProgram } from "@mycloud/checks/program";
import type { DiscoverySources } from "./discovery-sources.ts";
import type { FoundThing } from "./proposed-thing.ts";

/** Parts of the system itself, sessions and consoles: they come and go, or the host is down without them. */
const ofTheSystem =
  /^(systemd-|user@|user-runtime-dir@|getty@|serial-getty@|session-|dbus\.|dbus-broker\.|polkit\.|mycloud-|packagekit\.|udisks2\.|rtkit-daemon\.)/;
const timeoutMs = 10_000;

/** The services that systemd runs now; none where systemd does not run. Throws when it cannot be asked. */
export async function findUnits(
  { procRoot, systemctl }: Pick<DiscoverySources, "procRoot" | "systemctl">,
  signal: AbortSignal,
): Promise<FoundThing[]> {
  if (readFileSync(`${procRoot}/1/comm`, "utf8").trim() !== "systemd") return [];
  const asked = await runProgram({
    file: systemctl,
    args: ["--no-pager", "list-units", "--type=service", "--state=running", "--plain", "--no-legend", "--full"],
    env: programEnvironment(process.env),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    maxStdoutBytes: 1024 * 1024,
  });
  if (asked.startError !== undefined) throw new Error(`${systemctl} cannot be started: ${asked.startError.message}`);
  if (asked.isStopped) throw new Error(`${systemctl} did not answer in ${timeoutMs / 1000} s`);
  if (asked.exitCode !== 0) throw new Error(`${systemctl} failed: ${asked.stderr.trim().slice(0, 500)}`);
  return unitsIn(asked.stdout);
}

/** The units worth watching in the words of `systemctl list-units --plain`. Pure. */
export function unitsIn(listing: string): FoundThing[] {
  return listing.split("\n").flatMap((line): FoundThing[] => {
    const [, unit, description = ""] = /^\s*(\S+\.service)\s+\S+\s+\S+\s+\S+\s*(.*)$/.exec(line) ?? [];
    if (unit === undefined || ofTheSystem.test(unit)) return [];
    const name = unit.replace(/\.service$/, "");
    return [
      {
        kind: "unit",
        key: unit,
        title: description === "" ? `unit ${unit}` : `unit ${unit}: ${description}`,
        serviceName: `unit ${name}`,
        command: "systemd",
        arguments: ["-u", unit],
      },
    ];
  });
}
