import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { monotonicMs } from "../../connection/connect.ts";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { readPort } from "../../connection/network-options.ts";
import { formatTime, RESPONSE_TIME_OPTIONS, timePerfdata } from "../../connection/response-time.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { crossedThreshold, judge, thresholdsFrom } from "../../plugin/thresholds.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { matchesAnswer } from "./match-answer.ts";
import { RECORD_TYPES, type Resolution, resolve } from "./resolve.ts";

/** What a name server answers, as check_dns has it. */
export const dns = {
  name: "dns",
  summary: "a name server's answer: any, an expected one, or NXDOMAIN; and its time",
  notes:
    "Without -a any answer is OK. With it, one of the answers must be one of the -a values, which may be a network such as 192.0.2.0/24; -L " +
    "wants exactly the expected ones. A name that does not exist, or no answer, is CRITICAL.",
  options: [
    {
      letter: "H",
      name: "hostname",
      value: "NAME",
      description: "name to look up; an address is looked up in reverse",
    },
    {
      letter: "s",
      name: "server",
      value: "SERVER",
      description: "name server to ask (default: those of /etc/resolv.conf)",
    },
    { letter: "p", name: "port", value: "PORT", default: "53", description: "port of that server" },
    {
      letter: "q",
      name: "querytype",
      value: "TYPE",
      default: "A",
      description: `type of record: ${RECORD_TYPES.join(", ")}`,
    },
    {
      letter: "a",
      name: "expected-address",
      value: "ANSWER",
      isRepeatable: true,
      description: "expected answer; several by commas",
    },
    { letter: "L", name: "all", description: "the answers must be the expected ones, all and no others" },
    { letter: "n", name: "expect-nxdomain", description: "the name must not exist" },
    ...RESPONSE_TIME_OPTIONS,
  ],
  examples: [
    { arguments: "-H www.example.org -a 192.0.2.10", description: "one expected address" },
    {
      arguments: "-H example.org -q MX -s 192.0.2.53 -a '10 mail.example.org'",
      description: "ask one server for the mail exchanger",
    },
    { arguments: "-H gone.example.org -n", description: "a name that must not exist any more" },
  ],
  async run(options, context) {
    const name = options.requiredText("hostname");
    const type = (options.text("querytype") ?? "A").toUpperCase();
    if (!RECORD_TYPES.some((known) => known === type))
      throw options.refuse("querytype", type, `one of ${RECORD_TYPES.join(", ")}`);
    const expected = options.texts("expected-address").flatMap((text) => (type === "TXT" ? [text] : text.split(",")));
    if (expected.length > 0 && options.isGiven("expect-nxdomain")) throw new UsageError("-a and -n exclude each other");
    const thresholds = thresholdsFrom(options);
    const server = options.text("server");
    let serverAddress: string | undefined;
    try {
      serverAddress = server === undefined ? undefined : await toServerAddress(server, readPort(options) ?? 53);
    } catch (error) {
      return report("dns", 3, `name server ${server}: ${explainNetworkError(error)}`);
    }
    const startMs = monotonicMs();
    const resolution = await resolve({ name, type, server: serverAddress, timeoutMs: 2_000 }, context.signal);
    const seconds = (monotonicMs() - startMs) / 1_000;
    const verdict = judgeResolution(resolution, name, isIP(name) === 0 ? type : "PTR", expected, options);
    const timeCode = verdict.returnCode === 2 ? 0 : judge(seconds, thresholds);
    const from = server === undefined ? "" : ` from ${server}`;
    const text = `${verdict.text}, ${formatTime(seconds)}${from}${crossedThreshold(timeCode, thresholds, " s")}`;
    return report("dns", worstOf([verdict.returnCode, timeCode]), text, {
      perfdata: [timePerfdata(seconds, thresholds)],
    });
  },
} satisfies Plugin;

interface Verdict {
  readonly returnCode: ReturnCode;
  readonly text: string;
}

function judgeResolution(
  resolution: Resolution,
  name: string,
  type: string,
  expected: readonly string[],
  options: OptionValues,
): Verdict {
  const wantsNothing = options.isGiven("expect-nxdomain");
  if (resolution.outcome === "NXDOMAIN") {
    return { returnCode: wantsNothing ? 0 : 2, text: `${name} does not exist (NXDOMAIN)` };
  }
  if (resolution.outcome === "failed") return { returnCode: 2, text: `${name} ${type}: ${resolution.reason}` };
  if (resolution.outcome === "NODATA") {
    const text = `${name} has no ${type} record`;
    return { returnCode: 2, text: wantsNothing ? `${text}, but exists` : text };
  }
  const { answers } = resolution;
  const shown = printable(answers.join(", "), 400);
  if (wantsNothing) return { returnCode: 2, text: `${name} should not exist, but has ${type} ${shown}` };
  if (expected.length === 0) return { returnCode: 0, text: `${name} ${type} is ${shown}` };
  const missing = expected.filter((one) => !answers.some((answer) => matchesAnswer(answer, one)));
  const surplus = answers.filter((answer) => !expected.some((one) => matchesAnswer(answer, one)));
  const isWrong = options.isGiven("all")
    ? missing.length > 0 || surplus.length > 0
    : missing.length === expected.length;
  if (!isWrong) return { returnCode: 0, text: `${name} ${type} is ${shown}, as expected` };
  return {
    returnCode: 2,
    text: `${name} ${type} is ${shown}, expected ${options.isGiven("all") ? "" : "one of "}${expected.join(", ")}`,
  };
}

async function toServerAddress(server: string, port: number): Promise<string> {
  const address = isIP(server) === 0 ? (await lookup(server)).address : server;
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
