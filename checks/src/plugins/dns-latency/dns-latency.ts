import { getServers } from "node:dns";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { formatTime } from "../../connection/response-time.ts";
import { type Asked, askNameServer } from "../../dns-query/ask-name-server.ts";
import { encodeName } from "../../dns-query/domain-name.ts";
import { RECORD_TYPE_NUMBERS, RESULT_CODE_NAMES, resultCodeName } from "../../dns-query/record-type.ts";
import {
  describeServer,
  findServerAddresses,
  parseServer,
  type ServerAddress,
} from "../../dns-query/server-address.ts";
import { plural, rounded } from "../../plugin/format-quantity.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";

const typeNames = [...RECORD_TYPE_NUMBERS.keys()].join(", ");

/** How fast a name server answers, and how often not. */
export const dnsLatency = {
  name: "dns-latency",
  summary: "how fast a name server answers the same question several times, and how many answers are lost",
  notes:
    "A threshold is RTA,PL%: the average time to an answer in seconds and the share of questions without one; reaching either alerts, as with the " +
    "check ping. All lost is CRITICAL whatever -c says. An answer with another result code than expected is CRITICAL too: an answer is not " +
    "fast that is wrong. A truncated answer is fetched by TCP, and its time counts whole.",
  options: [
    { letter: "H", name: "hostname", value: "NAME", description: "name to ask for" },
    {
      letter: "s",
      name: "server",
      value: "SERVER",
      description: "name server to ask (default: the first of /etc/resolv.conf)",
    },
    { letter: "p", name: "port", value: "PORT", default: "53", description: "port of that server" },
    {
      letter: "q",
      name: "querytype",
      value: "TYPE",
      default: "A",
      description: `type of record: ${typeNames}`,
    },
    {
      letter: "n",
      name: "queries",
      value: "NUMBER",
      default: "5",
      description: "how often to ask, one after the other",
    },
    { name: "wait", value: "SECONDS", default: "1", description: "how long to wait for each answer until it is lost" },
    { name: "tcp", description: "ask by TCP, a connection for each question" },
    {
      letter: "r",
      name: "rcode",
      value: "CODE",
      default: "NOERROR",
      choices: RESULT_CODE_NAMES,
      description: `result code to expect: ${RESULT_CODE_NAMES.join(", ")}`,
    },
    { letter: "A", name: "expect-authority", description: "answers must be authoritative; asked without recursion" },
    { letter: "w", name: "warning", value: "RTA,PL%", default: "0.1,20%", description: "WARNING from these" },
    { letter: "c", name: "critical", value: "RTA,PL%", default: "0.5,60%", description: "CRITICAL from these" },
    ...FAMILY_OPTIONS,
  ],
  examples: [
    { arguments: "-H www.example.org -s 192.0.2.53 -A", description: "an authoritative server of the zone" },
    { arguments: "-H www.example.org -s 192.0.2.1 -w 0.05,10% -c 0.2,40% -n 10", description: "a resolver" },
    {
      arguments: "-H gone.example.org -s 192.0.2.53 --tcp -r NXDOMAIN",
      description: "by TCP, a name that is not there",
    },
  ],
  async run(options, context) {
    const name = options.requiredText("hostname");
    if (encodeName(name) === undefined) throw options.refuse("hostname", name, "a domain name");
    const typeName = (options.text("querytype") ?? "A").toUpperCase();
    const type = RECORD_TYPE_NUMBERS.get(typeName);
    if (type === undefined) throw options.refuse("querytype", typeName, `one of ${typeNames}`);
    const expected = options.text("rcode") ?? "NOERROR";
    const warning = readPair(options, "warning");
    const critical = readPair(options, "critical");
    const count = options.number("queries", { min: 1, max: 100, isInteger: true }) ?? 5;
    const waitSeconds = options.number("wait", { min: 0.01, max: 60 }) ?? 1;
    const isAuthorityWanted = options.isGiven("expect-authority");
    const server = await findServer(options);
    if (typeof server === "string") return report("dns-latency", 3, server);
    const question = { name, type, isRecursive: !isAuthorityWanted, wantsSignatures: false };
    const asked: Asked[] = [];
    for (let index = 0; index < count; index++) {
      const how = { isTcp: options.isGiven("tcp"), timeoutMs: waitSeconds * 1_000 };
      asked.push(await askNameServer(server, question, how, context.signal));
    }
    const summary = summarize(asked, expected, isAuthorityWanted);
    const lossCode = summary.lossPercent === 100 ? 2 : reaches(summary.lossPercent, warning.loss, critical.loss);
    const timeCode =
      summary.averageSeconds === undefined ? 0 : reaches(summary.averageSeconds, warning.rta, critical.rta);
    const time =
      summary.averageSeconds === undefined
        ? (summary.failure ?? "no answer")
        : `average ${formatTime(summary.averageSeconds)}`;
    const texts = [
      `${describeServer(server)}: ${name} ${typeName}`,
      `${plural(count, "query", "queries")}, ${rounded(summary.lossPercent, 1)}% lost`,
      time,
      ...summary.wrong,
    ];
    const bounds = (value: "rta" | "loss") => ({ warn: `${warning[value]}`, crit: `${critical[value]}`, min: 0 });
    const { averageSeconds: rta, slowestSeconds: slowest } = summary;
    return report("dns-latency", worstOf([lossCode, timeCode, summary.wrong.length > 0 ? 2 : 0]), texts.join(", "), {
      perfdata: [
        { label: "rta", value: rta === undefined ? null : rounded(rta, 6), unit: "s", ...bounds("rta") },
        { label: "rtmax", value: slowest === undefined ? null : rounded(slowest, 6), unit: "s", min: 0 },
        { label: "pl", value: rounded(summary.lossPercent, 2), unit: "%", ...bounds("loss"), max: 100 },
      ],
    });
  },
} satisfies Plugin;

interface Summary {
  readonly lossPercent: number;
  readonly averageSeconds: number | undefined;
  readonly slowestSeconds: number | undefined;
  /** Why the last lost one was lost. */
  readonly failure: string | undefined;
  /** What was wrong with answers, each once. */
  readonly wrong: readonly string[];
}

/** What several questions came to. Pure. */
function summarize(asked: readonly Asked[], expected: string, isAuthorityWanted: boolean): Summary {
  const answered = asked.flatMap((one) => (one.outcome === "answered" ? [one] : []));
  const failure = asked.findLast((one) => one.outcome === "failed")?.reason;
  const seconds = answered.map((one) => one.seconds);
  const wrong = answered.flatMap(({ message }) => {
    const code = resultCodeName(message.resultCode);
    if (code !== expected) return [`answered ${code}, expected ${expected}`];
    return isAuthorityWanted && !message.isAuthoritative ? ["the answer is not authoritative"] : [];
  });
  return {
    lossPercent: asked.length === 0 ? 0 : ((asked.length - answered.length) / asked.length) * 100,
    averageSeconds: seconds.length === 0 ? undefined : seconds.reduce((sum, one) => sum + one, 0) / seconds.length,
    slowestSeconds: seconds.length === 0 ? undefined : Math.max(...seconds),
    failure,
    wrong: [...new Set(wrong)],
  };
}

/** The server to ask, or why there is none. */
async function findServer(options: OptionValues): Promise<ServerAddress | string> {
  const port = readPort(options) ?? 53;
  const text = options.text("server") ?? getServers()[0];
  if (text === undefined) return "this machine has no name server in /etc/resolv.conf; name one with -s";
  const place = parseServer(text, port);
  if (place === undefined) throw options.refuse("server", text, "a name or an address, with :PORT or without");
  try {
    const [first] = await findServerAddresses(place.host, place.port, readFamily(options));
    return first ?? `name server ${text} has no address`;
  } catch (error) {
    return `name server ${text}: ${explainNetworkError(error)}`;
  }
}

interface Pair {
  readonly rta: number;
  readonly loss: number;
}

function readPair(options: OptionValues, name: string): Pair {
  const text = options.text(name) ?? "";
  const match = /^([\d.]+),([\d.]+)%$/.exec(text);
  if (match === null) throw options.refuse(name, text, "RTA,PL% such as 0.1,20%");
  const [, rta = "", loss = ""] = match;
  return { rta: options.numberIn(name, rta, { min: 0 }), loss: options.numberIn(name, loss, { min: 0, max: 100 }) };
}

/** From the threshold on, not only above it, as check_ping has it. */
function reaches(value: number, warning: number, critical: number): ReturnCode {
  return value >= critical ? 2 : value >= warning ? 1 : 0;
}
