import type { BackupRepository } from "@mycloud/protocol/backup-repository";
import type { Machine } from "@mycloud/protocol/machine";
import { type ApiClient, connect, type InstanceChoice } from "../client/index.ts";
import { CommandError, type Terminal } from "../command-line/index.ts";
import { chooseMachine, isThisHost } from "./choose-machine.ts";
import { chooseRepository } from "./choose-repository.ts";
import { listMachines } from "./list-machines.ts";
import type { MachineFlags } from "./machine-options.ts";
import { findThisHost } from "./this-host.ts";

/** The backups that a command is about. */
export interface Place {
  readonly client: ApiClient;
  readonly machine: Machine;
  readonly repository: BackupRepository;
  /** Whether the command runs on that machine. */
  readonly isHere: boolean;
}

/** Finds control plane, machine and repository. Throws CommandError. */
export async function openPlace(terminal: Terminal, flags: MachineFlags): Promise<Place> {
  const { client, machine, isHere } = await openMachine(terminal, flags);
  return {
    client,
    machine,
    isHere,
    repository: chooseRepository(machine.repositories, flags.policy, machine.hostName),
  };
}

/** Finds control plane and machine. Throws CommandError. */
export async function openMachine(terminal: Terminal, flags: MachineFlags): Promise<Omit<Place, "repository">> {
  const client = await connectAsPerson(terminal, flags);
  const [machines, thisHost] = await Promise.all([listMachines(client), findThisHost(terminal, flags.stateDir)]);
  const machine = chooseMachine(machines, flags.machine, thisHost);
  return { client, machine, isHere: isThisHost(machine, thisHost) };
}

/** `connect` in the words of somebody who runs no control plane: whoever named none and has no login is not logged in. */
export async function connectAsPerson(terminal: Terminal, flags: InstanceChoice): Promise<ApiClient> {
  const isNamed = flags.server || flags.stateDir || terminal.environment.MYCLOUD_STATE_DIR;
  return connect(terminal, flags).catch((error: unknown) => {
    if (isNamed || !(error instanceof CommandError) || error.code !== "MYCLOUD_UNAVAILABLE") throw error;
    throw new CommandError(
      "notAllowed",
      "you are not logged in; mycloud login --server URL, or mycloud register --server URL for a new account",
      { cause: error },
    );
  });
}
