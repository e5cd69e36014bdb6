import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { UsageError } from "../../plugin/usage-error.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";
import { programEnvironment } from "../../program/program-environment.ts";
import { runProgram } from "../../program/run-program.ts";
import { parsePing } from "./parse-ping.ts";

/** Round trip time and loss by ICMP echo, as check_ping has it. */
export const ping = {
  name: "ping",
  summary: "round trip time and packet loss by ICMP echo",
  notes:
    "A threshold is RTA,PL%: the average round trip in milliseconds and the share of lost packets; reaching either alerts. The system's ping " +
    "does the work, since raw sockets need privileges. All packets lost is CRITICAL whatever -c says.",
  options: [
    { letter: "H", name: "hostname", value: "HOST", description: "name or address to ping" },
    { letter: "w", name: "warning", value: "RTA,PL%", default: "100,20%", description: "WARNING from these" },
    { letter: "c", name: "critical", value: "RTA,PL%", default: "500,60%", description: "CRITICAL from these" },
    { letter: "p", name: "packets", value: "NUMBER", default: "5", description: "how many to send" },
    { letter: "4", name: "use-ipv4", description: "use IPv4" },
    { letter: "6", name: "use-ipv6", description: "use IPv6" },
  ],
  examples: [
    { arguments: "-H www.example.org -w 100,20% -c 500,60%", description: "the defaults, written out" },
    { arguments: "-6 -H 2001:db8::1 -p 10", description: "IPv6, ten packets" },
  ],
  async run(options, context) {
    const host = options.requiredText("hostname");
    if (host.startsWith("-")) throw options.refuse("hostname", host, "a host name or an address");
    if (options.isGiven("use-ipv4") && options.isGiven("use-ipv6"))
      throw new UsageError("-4 and -6 exclude each other");
    const warning = readPair(options, "warning");
    const critical = readPair(options, "critical");
    const packets = options.number("packets", { min: 1, max: 100, isInteger: true }) ?? 5;
    const family = options.isGiven("use-ipv6") ? ["-6"] : options.isGiven("use-ipv4") ? ["-4"] : [];
    // Unprivileged users may not go below 0.2 s; packets sent faster than that tell less about loss anyway.
    const interval = ["-i", "0.2"];
    const outcome = await runProgram({
      file: "ping",
      args: [...family, "-n", "-q", "-c", String(packets), ...interval, "-W", "2", host],
      env: programEnvironment(process.env),
      signal: context.signal,
    });
    if (outcome.isStopped) throw new StoppedWaiting(`echo replies from ${host}`);
    if (outcome.startError?.code === "ENOENT") {
      return report("ping", 3, "this host has no ping program; install iputils-ping");
    }
    const summary = parsePing(outcome.stdout);
    if (summary === undefined) {
      const said = printable(`${outcome.stderr} ${outcome.stdout}`.replaceAll("ping: ", ""));
      // ping ends with 2 when it could not even send: no such name, no route, no permission.
      const isName = /not known|failure in name resolution|No address|not supported/i.test(said);
      return report("ping", isName ? 3 : 2, `cannot ping ${host}: ${said || `exit code ${outcome.exitCode}`}`);
    }
    const { lossPercent, averageMs } = summary;
    const rtaCode = averageMs === undefined ? 2 : reaches(averageMs, warning.rta, critical.rta);
    const lossCode = lossPercent === 100 ? 2 : reaches(lossPercent, warning.loss, critical.loss);
    const time = averageMs === undefined ? "no reply" : `round trip ${averageMs} ms`;
    return report("ping", worstOf([rtaCode, lossCode]), `${host}: ${lossPercent}% packet loss, ${time}`, {
      perfdata: [
        { label: "rta", value: averageMs ?? null, unit: "ms", warn: `${warning.rta}`, crit: `${critical.rta}`, min: 0 },
        {
          label: "pl",
          value: lossPercent,
          unit: "%",
          warn: `${warning.loss}`,
          crit: `${critical.loss}`,
          min: 0,
          max: 100,
        },
      ],
      longOutput: options.isGiven("verbose") ? outcome.stdout.trim().split("\n") : [],
    });
  },
} satisfies Plugin;

interface Pair {
  readonly rta: number;
  readonly loss: number;
}

function readPair(options: OptionValues, name: string): Pair {
  const text = options.text(name) ?? "";
  const match = /^([\d.]+),([\d.]+)%$/.exec(text);
  if (match === null) throw options.refuse(name, text, "RTA,PL% such as 100,20%");
  const [, rta = "", loss = ""] = match;
  return { rta: options.numberIn(name, rta, { min: 0 }), loss: options.numberIn(name, loss, { min: 0, max: 100 }) };
}

/** check_ping alerts from the threshold on, not only above it. */
function reaches(value: number, warning: number, critical: number): ReturnCode {
  return value >= critical ? 2 : value >= warning ? 1 : 0;
}
