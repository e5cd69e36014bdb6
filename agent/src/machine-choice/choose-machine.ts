import type { Machine } from "@mycloud/protocol/machine";
import { CommandError } from "../command-line/index.ts";
import type { ThisHost } from "./this-host.ts";

const namedAtMost = 20;

/**
 * The machine of this name; without one this host if it is among them, else the only one. Throws CommandError that names them when that decides
 * nothing. Pure.
 */
export function chooseMachine<Chosen extends Pick<Machine, "hostId" | "hostName">>(
  machines: readonly Chosen[],
  name: string | undefined,
  thisHost: ThisHost,
): Chosen {
  if (name !== undefined) {
    const found = machines.find(({ hostName }) => hostName === name) ?? onlyOne(machines, name);
    if (found !== undefined) return found;
    throw new CommandError("notFound", `you have no machine "${name}"${listed(machines)}`);
  }
  const here = machines.find((machine) => isThisHost(machine, thisHost));
  if (here !== undefined) return here;
  const [first, second] = machines;
  if (first === undefined) {
    throw new CommandError(
      "notFound",
      "you have no machine yet; mycloud enrolment create prints the command that enrols one",
    );
  }
  if (second === undefined) return first;
  throw new CommandError("usage", `which machine? give --machine NAME${listed(machines)}`);
}

/** Whether this machine is the host that the command runs on. By the agent's identity where it can be read, else by name. Pure. */
export function isThisHost({ hostId, hostName }: Pick<Machine, "hostId" | "hostName">, thisHost: ThisHost): boolean {
  if (thisHost.hostId !== null) return hostId === thisHost.hostId;
  return thisHost.names.includes(hostName.toLowerCase());
}

/** Upper and lower case aside. */
function onlyOne<Chosen extends { readonly hostName: string }>(machines: readonly Chosen[], name: string) {
  const [found, other] = machines.filter(({ hostName }) => hostName.toLowerCase() === name.toLowerCase());
  return other === undefined ? found : undefined;
}

function listed(machines: readonly { readonly hostName: string }[]): string {
  if (machines.length === 0) return "; you have none yet";
  const names = machines.slice(0, namedAtMost).map(({ hostName }) => hostName);
  const rest = machines.length - names.length;
  return `; there are ${names.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
