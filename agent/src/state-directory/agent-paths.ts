import { join } from "node:path";

/** Where each of the agent's files lies. */
export interface AgentPaths {
  readonly directory: string;
  readonly identity: string;
  readonly configuration: string;
  readonly spool: string;
  readonly status: string;
  readonly policy: string;
  /** The certificate that the agent makes itself for NRPE, with its key. */
  readonly nrpeCertificate: string;
  /** Which event handlers were begun, so that none runs twice. */
  readonly begunCommands: string;
}

/** The agent's files below a state directory. Touches no disk. */
export function agentPaths(stateDirectory: string): AgentPaths {
  const directory = join(stateDirectory, "agent");
  return {
    directory,
    identity: join(directory, "identity.json"),
    configuration: join(directory, "configuration.json"),
    spool: join(directory, "spool"),
    status: join(directory, "status.json"),
    policy: join(directory, "policy.yaml"),
    nrpeCertificate: join(directory, "nrpe-certificate.pem"),
    begunCommands: join(directory, "begun-commands.json"),
  };
}
