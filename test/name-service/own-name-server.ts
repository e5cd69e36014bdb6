import type { ServedZoneFile } from "../peers/name-servers.ts";
import { freePort } from "../support/free-port.ts";
import { type MycloudProcess, startMycloud } from "../support/mycloud-process.ts";
import { waitFor } from "../support/wait-for.ts";
import { askDns } from "./dns-client.ts";

/** `mycloud dns serve` with zones from files. */
export interface OwnNameServer {
  readonly port: number;
  readonly process: MycloudProcess;
}

/** Starts it on a port of 127.0.0.1, and waits until it answers for the first of the zones. */
export async function startOwnNameServer(
  stateDirectory: string,
  zones: readonly ServedZoneFile[],
  options: readonly string[] = [],
): Promise<OwnNameServer> {
  const port = await freePort();
  const child = startMycloud([
    ...["dns", "serve", "--listen", `127.0.0.1:${port}`, "--state-dir", stateDirectory],
    ...zones.flatMap(({ name, file }) => ["--zone-file", `${name}=${file}`]),
    ...options,
  ]);
  const ready = async () => {
    if (child.child.exitCode !== null) throw new Error(`the name server ended: ${child.stderr()}`);
    const answer = await askDns({ port }, { name: `${zones[0]?.name}.`, type: "SOA" });
    return answer.readUInt16BE(6) === 1;
  };
  await waitFor(ready, 120_000, "the name server to answer");
  return { port, process: child };
}
