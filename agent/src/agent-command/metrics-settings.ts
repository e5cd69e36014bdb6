import type { MetricsSettings } from "../agent/index.ts";
import { CommandError } from "../command-line/index.ts";
import type { AgentOptions } from "../config/index.ts";

/** The agent's options about metrics, as the agent uses them. Throws CommandError when half of what TLS needs is missing. */
export function metricsSettings(options: AgentOptions): MetricsSettings {
  const { metrics: address, metricsCertificate: certificateFile, metricsKey: keyFile } = options;
  if ((certificateFile === undefined) !== (keyFile === undefined)) {
    throw new CommandError("configuration", "--metrics-cert and --metrics-key go together; give both or neither");
  }
  const tls = certificateFile === undefined || keyFile === undefined ? null : { certificateFile, keyFile };
  return {
    endpoint: address === null ? null : { address, tls, tokenFile: options.metricsTokenFile ?? null },
    textfileDirectory: options.metricsTextfiles ?? null,
    without: options.metricsWithout,
  };
}
