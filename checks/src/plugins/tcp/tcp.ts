import { setTimeout as sleep } from "node:timers/promises";
import { type Endpoint, monotonicMs, openConnection } from "../../connection/connect.ts";
import { Conversation } from "../../connection/conversation.ts";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { type CertificateLimits, judgeValidity, readCertificateDays } from "../../connection/judge-certificate.ts";
import { describeEndpoint, FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { formatTime, RESPONSE_TIME_OPTIONS, timePerfdata } from "../../connection/response-time.ts";
import { describeCertificate, startTls } from "../../connection/secure.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { crossedThreshold, judge, thresholdsFrom } from "../../plugin/thresholds.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { matchesExpected } from "./match-expected.ts";

const STATE_CODES: ReadonlyMap<string, ReturnCode> = new Map([
  ["ok", 0],
  ["warn", 1],
  ["crit", 2],
]);
/** A service that has said something else and then nothing for so long will not say it any more (check_tcp's READ_TIMEOUT). */
const QUIET_MS = 2_000;
const STATES = [...STATE_CODES.keys()];

/** A TCP service: that it answers, what it says, and how fast, as check_tcp has it. */
export const tcp = {
  name: "tcp",
  summary: "a TCP port or Unix socket: connect, send, expect, time, TLS",
  notes:
    "The response must hold one of the -e texts (-A: all of them). A response that does not, for two seconds after its last byte, is " +
    "WARNING, a refused connection CRITICAL, unless -M and -r say otherwise. Certificates are not verified; tls-certificate does that.",
  options: [
    {
      letter: "H",
      name: "hostname",
      value: "HOST",
      default: "127.0.0.1",
      description: "name, address, or absolute path of a Unix socket",
    },
    { letter: "p", name: "port", value: "PORT", description: "port to connect to" },
    ...FAMILY_OPTIONS,
    { letter: "E", name: "escape", description: "\\n, \\r, \\t and \\\\ may be used in -s and -q" },
    { letter: "s", name: "send", value: "TEXT", description: "what to send once connected" },
    {
      letter: "e",
      name: "expect",
      value: "TEXT",
      isRepeatable: true,
      description: "text the response must hold",
    },
    { letter: "A", name: "all", description: "every -e must occur, not just one" },
    { letter: "q", name: "quit", value: "TEXT", description: "what to send before closing" },
    {
      letter: "r",
      name: "refuse",
      value: "STATE",
      choices: STATES,
      default: "crit",
      description: "state of a refused connection",
    },
    {
      letter: "M",
      name: "mismatch",
      value: "STATE",
      choices: STATES,
      default: "warn",
      description: "state of a response that does not match",
    },
    { letter: "j", name: "jail", description: "do not show what the service said" },
    { letter: "m", name: "maxbytes", value: "BYTES", description: "stop reading after this many bytes" },
    { letter: "d", name: "delay", value: "SECONDS", description: "wait between sending and reading" },
    {
      letter: "D",
      name: "certificate",
      value: "DAYS[,DAYS]",
      description: "least days the certificate must be valid: WARNING, CRITICAL",
    },
    { letter: "S", name: "ssl", description: "connect by TLS" },
    { name: "sni", value: "NAME", description: "name to ask for in the TLS handshake (default: the host)" },
    ...RESPONSE_TIME_OPTIONS,
  ],
  examples: [
    { arguments: "-H db.example.org -p 5432 -w 0.5 -c 2", description: "a port that must open quickly" },
    { arguments: "-H 127.0.0.1 -p 6379 -E -s 'PING\\r\\n' -e +PONG", description: "Redis answers" },
    {
      arguments: "-H mail.example.org -p 993 -S -e '* OK' -D 21,7",
      description: "IMAP over TLS, with its certificate",
    },
  ],
  async run(options, context) {
    const endpoint: Endpoint = {
      host: options.requiredText("hostname"),
      port: readPort(options),
      family: readFamily(options),
    };
    if (endpoint.port === undefined && !endpoint.host.startsWith("/"))
      throw new UsageError("-p/--port PORT is required");
    const place = describeEndpoint(endpoint.host, endpoint.port);
    const settings = readSettings(options);
    const thresholds = thresholdsFrom(options);
    const startMs = monotonicMs();
    try {
      const heard = await talk(endpoint, settings, context);
      const seconds = (monotonicMs() - startMs) / 1_000;
      const timeCode = judge(seconds, thresholds);
      const expectCode = heard.isMatch ? 0 : settings.mismatchCode;
      const texts = [
        `${place}: response after ${formatTime(seconds)}${crossedThreshold(timeCode, thresholds, " s")}`,
        ...(heard.isMatch ? [] : [`expected ${settings.expected.map((one) => `"${one}"`).join(" or ")}`]),
        ...(heard.certificate === undefined ? [] : [heard.certificate.text]),
        ...(heard.text === "" || settings.isJailed ? [] : [`got "${printable(heard.text)}"`]),
      ];
      const codes = [timeCode, expectCode, heard.certificate?.returnCode ?? 0] as const;
      return report("tcp", worstOf(codes), texts.join(", "), {
        perfdata: [timePerfdata(seconds, thresholds), ...(heard.certificate?.perfdata ?? [])],
      });
    } catch (error) {
      if (error instanceof StoppedWaiting) throw error;
      const isRefused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
      return report("tcp", isRefused ? settings.refuseCode : 2, `${place}: ${explainNetworkError(error)}`);
    }
  },
} satisfies Plugin;

interface Settings {
  readonly send: string | undefined;
  readonly quit: string | undefined;
  readonly expected: readonly string[];
  readonly isAll: boolean;
  readonly refuseCode: ReturnCode;
  readonly mismatchCode: ReturnCode;
  readonly isJailed: boolean;
  readonly maxBytes: number;
  readonly delaySeconds: number;
  readonly days: CertificateLimits | undefined;
  readonly isTls: boolean;
  readonly serverName: string;
}

function readSettings(options: OptionValues): Settings {
  const withEscapes = (text: string | undefined): string | undefined =>
    options.isGiven("escape")
      ? text?.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES.get(letter) ?? letter)
      : text;
  const quit = withEscapes(options.text("quit"));
  const days = readCertificateDays(options, "certificate");
  return {
    send: withEscapes(options.text("send")),
    quit: quit === undefined || options.isGiven("escape") ? quit : `${quit}\r\n`,
    expected: options.texts("expect"),
    isAll: options.isGiven("all"),
    refuseCode: STATE_CODES.get(options.text("refuse") ?? "crit") ?? 2,
    mismatchCode: STATE_CODES.get(options.text("mismatch") ?? "warn") ?? 1,
    isJailed: options.isGiven("jail"),
    maxBytes: options.number("maxbytes", { min: 1, isInteger: true }) ?? 16_384,
    delaySeconds: options.number("delay", { min: 0, max: 600 }) ?? 0,
    days,
    isTls: options.isGiven("ssl") || days !== undefined,
    serverName: options.text("sni") ?? options.requiredText("hostname"),
  };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["\\", "\\"],
]);

async function talk(endpoint: Endpoint, settings: Settings, context: PluginContext) {
  const { signal } = context;
  const plain = await openConnection(endpoint, signal);
  let socket: typeof plain = plain;
  try {
    let certificate: ReturnType<typeof judgeValidity> | undefined;
    if (settings.isTls) {
      const secured = await startTls(plain, { serverName: settings.serverName }, signal);
      socket = secured;
      const shown = describeCertificate(secured, settings.serverName);
      if (settings.days !== undefined && shown !== undefined) {
        certificate = judgeValidity(shown, settings.days, context.now());
      }
    }
    const conversation = new Conversation(socket, signal);
    try {
      if (settings.send !== undefined) conversation.write(settings.send);
      if (settings.delaySeconds > 0) await sleep(settings.delaySeconds * 1_000, undefined, { signal });
      const isMatch = (text: string): boolean =>
        matchesExpected(text.slice(0, settings.maxBytes), settings.expected, settings.isAll);
      if (settings.expected.length > 0) {
        const place = describeEndpoint(endpoint.host, endpoint.port);
        const isEnough = (text: string): boolean => text.length >= settings.maxBytes || isMatch(text);
        await conversation.waitUntil(isEnough, `the expected response from ${place}`, QUIET_MS);
      }
      const text = conversation.received.slice(0, settings.maxBytes);
      if (settings.quit !== undefined) conversation.write(settings.quit);
      return { text, isMatch: isMatch(text), certificate };
    } finally {
      conversation.close();
    }
  } finally {
    socket.destroy();
    plain.destroy();
  }
}
