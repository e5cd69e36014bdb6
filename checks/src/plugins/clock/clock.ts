import { lookup } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin, PluginContext, PluginResult } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import {
  crossedThreshold,
  judge,
  perfdataThresholds,
  type Thresholds,
  thresholdsFrom,
} from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { findAgentStatus, STATE_DIR_OPTION } from "../agent/status-file.ts";
import { askTime, type TimeSample, type TimeServer } from "./sntp.ts";

const SAMPLES = 4;

/** How far the clock is off: against a time server, as check_ntp_time has it, or against the control plane. */
export const clock = {
  name: "clock",
  summary: "offset of this host's clock, from a time server or the control plane",
  notes:
    "With -H a time server is asked four times and the quickest answer counts. Without it the agent's own measure against the control plane is " +
    "judged, which is good to about half a round trip. Thresholds are held against the absolute offset in seconds.",
  options: [
    { letter: "H", name: "hostname", value: "HOST", description: "time server to ask (NTP)" },
    { letter: "p", name: "port", value: "PORT", default: "123", description: "its port" },
    { letter: "w", name: "warning", value: "RANGE", default: "1", description: "seconds off" },
    { letter: "c", name: "critical", value: "RANGE", default: "10", description: "seconds off" },
    {
      letter: "o",
      name: "time-offset",
      value: "SECONDS",
      default: "0",
      description: "offset the server is known to have",
    },
    { letter: "q", name: "quiet", description: "UNKNOWN instead of CRITICAL when the server does not answer" },
    { letter: "4", name: "use-ipv4", description: "use IPv4" },
    { letter: "6", name: "use-ipv6", description: "use IPv6" },
    STATE_DIR_OPTION,
  ],
  examples: [
    { arguments: "-H ntp.example.org -w 0.5 -c 1", description: "against a time server" },
    { arguments: "-w 1 -c 10", description: "against the control plane" },
  ],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    const host = options.text("hostname");
    if (host !== undefined) return checkServer(host, options, context, thresholds);
    const found = findAgentStatus(options, context.agent);
    if (!found.ok) return report("clock", 3, `no time server was named (-H), and ${found.reason}`);
    const ahead = found.status.clockOffsetSeconds;
    if (ahead === null) return report("clock", 3, "the agent has not yet heard the control plane's time");
    return judgeOffset(-ahead, thresholds, "the control plane", []);
  },
} satisfies Plugin;

async function checkServer(
  host: string,
  options: OptionValues,
  context: PluginContext,
  thresholds: Thresholds,
): Promise<PluginResult> {
  const port = options.number("port", { min: 1, max: 65_535, isInteger: true }) ?? 123;
  const expected = options.number("time-offset") ?? 0;
  const silentCode = options.isGiven("quiet") ? 3 : 2;
  const samples: TimeSample[] = [];
  try {
    const server = await findServer(host, port, options);
    for (let round = 0; round < SAMPLES; round += 1) samples.push(await askTime(server, context.now, context.signal));
  } catch (error) {
    // Rate limiting servers answer the first questions only; one answer is enough.
    if (samples.length === 0) {
      if (error instanceof StoppedWaiting) return report("clock", silentCode, `time server ${host} does not answer`);
      return report("clock", silentCode, `time server ${host}: ${explainNetworkError(error)}`);
    }
  }
  const best = samples.reduce((quickest, sample) => (sample.delaySeconds < quickest.delaySeconds ? sample : quickest));
  return judgeOffset(best.offsetSeconds - expected, thresholds, `${host} (stratum ${best.stratum})`, [
    { label: "delay", value: rounded(best.delaySeconds, 6), unit: "s", min: 0 },
    { label: "stratum", value: best.stratum, unit: "", min: 0, max: 16 },
  ]);
}

async function findServer(host: string, port: number, options: OptionValues): Promise<TimeServer> {
  const wanted = options.isGiven("use-ipv6") ? 6 : options.isGiven("use-ipv4") ? 4 : 0;
  const { address } = await lookup(host, { family: wanted });
  return { host: address, port, family: isIPv6(address) ? 6 : 4 };
}

/** `offset` is reference minus host, as check_ntp_time prints it. */
function judgeOffset(
  offset: number,
  thresholds: Thresholds,
  reference: string,
  more: readonly Perfdatum[],
): PluginResult {
  const returnCode = judge(Math.abs(offset), thresholds);
  const amount = Math.abs(offset) < 0.001 ? "less than 1 ms" : `${rounded(Math.abs(offset), 3)} s`;
  const direction = offset > 0 ? "behind" : "ahead of";
  const text = `this clock is ${amount} ${direction} ${reference}${crossedThreshold(returnCode, thresholds, " s")}`;
  return report("clock", returnCode, text, {
    perfdata: [{ label: "offset", value: rounded(offset, 6), unit: "s", ...perfdataThresholds(thresholds) }, ...more],
  });
}
