import type { Terminal } from "../command-line/index.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { findInstance, type InstanceChoice } from "./find-instance.ts";

/** The API of the control plane that the flags, the environment or an earlier login name. Throws CommandError. */
export async function connect(terminal: Terminal, choice: InstanceChoice): Promise<ApiClient> {
  return createApiClient(await findInstance(terminal, choice));
}
