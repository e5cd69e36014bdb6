import { CommandError, remark, type Terminal } from "../command-line/index.ts";
import { checkListenAddress, formatListenAddress, type ListenAddress } from "./listen-address.ts";
import type { UpSettings } from "./up-settings.ts";

/**
 * Where the agent can tell metrics; null when it is off, or when nobody asked for the default address and another program has it (said
 * so). Throws CommandError when an address that was asked for cannot be had.
 */
export async function agentMetricsAddress(
  terminal: Pick<Terminal, "stderr">,
  { agentMetrics, isAgentMetricsAsked }: Pick<UpSettings, "agentMetrics" | "isAgentMetricsAsked">,
): Promise<ListenAddress | null> {
  if (agentMetrics === null) return null;
  try {
    await checkListenAddress(agentMetrics, "--agent-metrics");
    return agentMetrics;
  } catch (error) {
    if (isAgentMetricsAsked || !(error instanceof CommandError)) throw error;
    const address = formatListenAddress(agentMetrics);
    await remark(
      terminal,
      `mycloud up: ${address} is taken, so nobody can fetch this host's metrics; --agent-metrics HOST:PORT chooses another`,
    );
    return null;
  }
}
