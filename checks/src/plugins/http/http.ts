import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { judgeTrust, judgeValidity, readCertificateDays } from "../../connection/judge-certificate.ts";
import { formatTime, timePerfdata } from "../../connection/response-time.ts";
import { formatBytes, plural, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin, PluginContext, PluginResult } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { crossedThreshold, judge, thresholdsFrom } from "../../plugin/thresholds.ts";
import type { Perfdatum } from "../../plugin-api/perfdata.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { exchangeFollowing, type Followed } from "./follow-redirects.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { HTTP_OPTIONS } from "./options.ts";
import { planRequest } from "./plan-request.ts";
import { exchange, type HttpAnswer, type HttpExchange } from "./request.ts";

/** A web page, as check_http has it. */
export const http = {
  name: "http",
  summary: "a web page: status, content, time, redirects, TLS and certificate",
  notes:
    "A status of 400 to 499 is WARNING, 500 and above CRITICAL, unless -e. Missing text or pattern is CRITICAL. With -S the certificate is not " +
    "verified unless -D; with -C only its days are judged.",
  options: HTTP_OPTIONS,
  examples: [
    {
      arguments: "-H www.example.org -S -u /health -s ok -w 1 -c 5",
      description: "a page over TLS that must say ok, within a second",
    },
    { arguments: "-H example.org -f follow -S -D", description: "follow redirects, verify certificates" },
    { arguments: "-H www.example.org -C 30,14", description: "the certificate alone" },
    { arguments: "-I 192.0.2.10 -H shop.example.org -e '200,302'", description: "one server of a site" },
  ],
  async run(options, context) {
    const thresholds = thresholdsFrom(options);
    const request = planRequest(options);
    const place = `${request.isTls ? "https" : "http"}://${request.hostHeader}${request.path}`;
    try {
      if (options.isGiven("certificate") && !options.isGiven("continue-after-certificate")) {
        return await certificateOnly(request, options, context);
      }
      const followed = await exchangeFollowing(request, options, context.signal);
      const { answer } = followed;
      const faults = [
        ...(followed.problem === undefined ? [] : [followed.problem]),
        ...judgeAnswer(answer, options, context.now()),
        ...judgeServerCertificate(answer, options, context.now()),
      ];
      const timeCode = judge(answer.totalSeconds, thresholds);
      const returnCode = worstOf([timeCode, ...faults.map((fault) => fault.returnCode)]);
      const size = `${formatBytes(answer.pageBytes)}${answer.isBodyCut ? " (cut)" : ""}`;
      const time = `${formatTime(answer.totalSeconds)}${crossedThreshold(timeCode, thresholds, " s")}`;
      const texts = [
        printable(answer.statusLine),
        ...faults.map((fault) => fault.text),
        `${size} in ${time}`,
        ...afterRedirects(followed),
      ];
      return report("http", returnCode, `${place}: ${texts.join(", ")}`, {
        perfdata: perfdataOf(answer, options, timePerfdata(answer.totalSeconds, thresholds)),
        longOutput: options.isGiven("verbose") ? answer.rawHeaders.split("\r\n") : [],
      });
    } catch (error) {
      if (error instanceof StoppedWaiting) throw new StoppedWaiting(`${error.waitingFor} (${place})`);
      if (!isNetworkError(error)) throw error;
      return report("http", 2, `${place}: ${explainNetworkError(error)}`);
    }
  },
} satisfies Plugin;

function afterRedirects({ redirects, request }: Followed): string[] {
  if (redirects === 0) return [];
  return [
    `after ${plural(redirects, "redirect")} to ${request.isTls ? "https" : "http"}://${request.hostHeader}${printable(request.path)}`,
  ];
}

/** Errors of the network and of TLS carry a code; those of options and of our own making do not. */
function isNetworkError(error: unknown): boolean {
  return error instanceof Error && "code" in error;
}

async function certificateOnly(
  request: HttpExchange,
  options: OptionValues,
  context: PluginContext,
): Promise<PluginResult> {
  const answer = await exchange({ ...request, method: "HEAD", body: undefined, isBodyWanted: false }, context.signal);
  const faults = judgeServerCertificate(answer, options, context.now());
  const limits = readCertificateDays(options, "certificate");
  const place = `${request.siteName} port ${request.port}`;
  if (answer.certificate === undefined || limits === undefined)
    return report("http", 2, `${place} shows no certificate`);
  const validity = judgeValidity(answer.certificate, limits, context.now());
  const others = faults.filter((fault) => fault.text !== validity.text);
  const codes = [validity.returnCode, ...others.map((fault) => fault.returnCode)];
  const text = [...others.map((fault) => fault.text), validity.text].join("; ");
  return report("http", worstOf(codes), `${place}: ${text}`, { perfdata: validity.perfdata });
}

function judgeServerCertificate(
  answer: HttpAnswer,
  options: OptionValues,
  nowMs: number,
): { returnCode: ReturnCode; text: string }[] {
  const { certificate } = answer;
  if (certificate === undefined) return [];
  const limits = readCertificateDays(options, "certificate");
  const validity = limits === undefined ? undefined : judgeValidity(certificate, limits, nowMs);
  const trust = options.isGiven("verify-cert") ? judgeTrust(certificate) : undefined;
  return [validity, trust].filter((one) => one !== undefined && one.returnCode > 0).flatMap((one) => one ?? []);
}

function perfdataOf(answer: HttpAnswer, options: OptionValues, time: Perfdatum): Perfdatum[] {
  const seconds = (label: string, value: number): Perfdatum => ({ label, value: rounded(value, 6), unit: "s", min: 0 });
  return [
    time,
    { label: "size", value: answer.pageBytes, unit: "B", min: 0 },
    ...(options.isGiven("extended-perfdata")
      ? [
          seconds("time_connect", answer.connectSeconds),
          seconds("time_firstbyte", answer.firstByteSeconds),
          seconds("time_transfer", answer.totalSeconds - answer.firstByteSeconds),
        ]
      : []),
  ];
}
