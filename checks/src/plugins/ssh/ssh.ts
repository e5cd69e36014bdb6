import { monotonicMs, openConnection } from "../../connection/connect.ts";
import { Conversation } from "../../connection/conversation.ts";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { describeEndpoint, FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { formatTime, RESPONSE_TIME_OPTIONS, timePerfdata } from "../../connection/response-time.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { crossedThreshold, judge, thresholdsFrom } from "../../plugin/thresholds.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { readVersion } from "../../plugin/version.ts";
import { worstOf } from "../../plugin-api/return-code.ts";

/** Lines a server may send before its identification (RFC 4253 section 4.2). */
const MAX_PREAMBLE_LINES = 50;

/** An SSH server's identification, as check_ssh has it. */
export const ssh = {
  name: "ssh",
  summary: "an SSH server: that it answers, its protocol and software version",
  notes: "Reads the identification line and sends ours; does not log in. The host may also be given after the options.",
  operands: {
    usage: "[HOST [PORT]]",
    description: "HOST and PORT may be given without -H and -p, as check_ssh takes them.",
  },
  options: [
    { letter: "H", name: "hostname", value: "HOST", description: "name or address of the server" },
    { letter: "p", name: "port", value: "PORT", default: "22", description: "its port" },
    ...FAMILY_OPTIONS,
    {
      letter: "r",
      name: "remote-version",
      value: "TEXT",
      description: "CRITICAL unless the software is exactly this, comment included",
    },
    {
      letter: "P",
      name: "remote-protocol",
      value: "TEXT",
      description: "CRITICAL unless the protocol version is exactly this",
    },
    ...RESPONSE_TIME_OPTIONS,
  ],
  examples: [
    { arguments: "-H host.example.org", description: "any SSH server on port 22" },
    { arguments: "-p 2222 -P 2.0 host.example.org", description: "another port, protocol 2.0 only" },
  ],
  async run(options, context) {
    const [operandHost, operandPort] = options.operands;
    const host = options.text("hostname") ?? operandHost;
    if (host === undefined) throw new UsageError("-H/--hostname HOST is required");
    const port =
      operandPort === undefined ? readPort(options) : options.numberIn("port", operandPort, { min: 1, max: 65_535 });
    const place = describeEndpoint(host, port);
    const thresholds = thresholdsFrom(options);
    const startMs = monotonicMs();
    let line = "";
    try {
      const socket = await openConnection({ host, port, family: readFamily(options) }, context.signal);
      const conversation = new Conversation(socket, context.signal);
      try {
        for (let count = 0; count < MAX_PREAMBLE_LINES && !line.startsWith("SSH-"); count += 1) {
          line = await conversation.readLine(`the identification of ${place}`);
        }
        // A server that never hears who called logs "did not receive identification string".
        conversation.write(`SSH-2.0-MyCloud_check_${readVersion()}\r\n`);
      } finally {
        conversation.close();
      }
    } catch (error) {
      if (error instanceof StoppedWaiting) throw error;
      return report("ssh", 2, `${place}: ${explainNetworkError(error)}`);
    }
    const seconds = (monotonicMs() - startMs) / 1_000;
    const match = /^SSH-([^-]+)-(.*)$/.exec(line);
    if (match === null) return report("ssh", 2, `${place} is no SSH server: it said "${printable(line)}"`);
    const [, protocol = "", software = ""] = match;
    const wantedVersion = options.text("remote-version");
    const wantedProtocol = options.text("remote-protocol");
    const timeCode = judge(seconds, thresholds);
    const faults = [
      ...(wantedVersion !== undefined && wantedVersion !== software
        ? [`software is ${printable(software)}, not ${wantedVersion}`]
        : []),
      ...(wantedProtocol !== undefined && wantedProtocol !== protocol
        ? [`protocol is ${protocol}, not ${wantedProtocol}`]
        : []),
    ];
    const what = faults.length > 0 ? faults.join(", ") : `${printable(software)} (protocol ${printable(protocol)})`;
    const text = `${place}: ${what}, ${formatTime(seconds)}${crossedThreshold(timeCode, thresholds, " s")}`;
    return report("ssh", worstOf([faults.length > 0 ? 2 : 0, timeCode]), text, {
      perfdata: [timePerfdata(seconds, thresholds)],
    });
  },
} satisfies Plugin;
