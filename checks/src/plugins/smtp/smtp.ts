import { hostname } from "node:os";
import { monotonicMs, openConnection } from "../../connection/connect.ts";
import { Conversation } from "../../connection/conversation.ts";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { type CertificateJudgement, judgeValidity, readCertificateDays } from "../../connection/judge-certificate.ts";
import { describeEndpoint, FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { formatTime, RESPONSE_TIME_OPTIONS, timePerfdata } from "../../connection/response-time.ts";
import { describeCertificate, startTls } from "../../connection/secure.ts";
import { readReply } from "../../connection/smtp-reply.ts";
import type { OptionValues } from "../../plugin/option-values.ts";
import type { Plugin, PluginContext } from "../../plugin/plugin.ts";
import { printable } from "../../plugin/printable.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { crossedThreshold, judge, thresholdsFrom } from "../../plugin/thresholds.ts";
import { type ReturnCode, worstOf } from "../../plugin-api/return-code.ts";

/** A mail server, as check_smtp has it. */
export const smtp = {
  name: "smtp",
  summary: "a mail server: greeting, commands, STARTTLS, certificate, time",
  notes:
    "A refused connection is CRITICAL; a server that greets or answers otherwise than expected is WARNING. -D judges the certificate's days " +
    "only; tls-certificate --starttls smtp also judges chain and name.",
  options: [
    { letter: "H", name: "hostname", value: "HOST", description: "name or address of the server" },
    { letter: "p", name: "port", value: "PORT", default: "25", description: "its port" },
    ...FAMILY_OPTIONS,
    { letter: "e", name: "expect", value: "TEXT", default: "220", description: "what the greeting must contain" },
    { letter: "C", name: "command", value: "TEXT", isRepeatable: true, description: "a command to send" },
    {
      letter: "R",
      name: "response",
      value: "TEXT",
      isRepeatable: true,
      description: "what the answer to that -C must contain",
    },
    { letter: "f", name: "from", value: "ADDRESS", description: "send MAIL FROM with this address" },
    { letter: "F", name: "fqdn", value: "NAME", description: "name to say in EHLO (default: this host's)" },
    {
      letter: "D",
      name: "certificate",
      value: "DAYS[,DAYS]",
      description: "least days the certificate must be valid; needs -S",
    },
    { letter: "S", name: "starttls", description: "go over to TLS by STARTTLS" },
    { letter: "L", name: "lmtp", description: "say LHLO instead of EHLO" },
    ...RESPONSE_TIME_OPTIONS,
  ],
  examples: [
    { arguments: "-H mail.example.org -w 2 -c 10", description: "greeting and EHLO" },
    { arguments: "-H mail.example.org -p 587 -S -D 21,7", description: "submission by STARTTLS, with its certificate" },
    {
      arguments: "-H mail.example.org -f check@example.org -C 'RCPT TO:<postmaster@example.org>' -R 250",
      description: "takes mail for postmaster",
    },
  ],
  async run(options, context) {
    const host = options.requiredText("hostname");
    const port = readPort(options);
    const place = describeEndpoint(host, port);
    const thresholds = thresholdsFrom(options);
    const startMs = monotonicMs();
    try {
      const socket = await openConnection({ host, port, family: readFamily(options) }, context.signal);
      const conversation = new Conversation(socket, context.signal);
      let dialogue: Dialogue;
      try {
        dialogue = await converse(conversation, host, options, context);
      } finally {
        conversation.close();
        socket.destroy();
      }
      const seconds = (monotonicMs() - startMs) / 1_000;
      const timeCode = judge(seconds, thresholds);
      const texts = [
        ...dialogue.faults.map((fault) => fault.text),
        ...(dialogue.certificate === undefined ? [] : [dialogue.certificate.text]),
        `${formatTime(seconds)} response time${crossedThreshold(timeCode, thresholds, " s")}`,
      ];
      const codes = [
        timeCode,
        dialogue.certificate?.returnCode ?? 0,
        ...dialogue.faults.map((fault) => fault.returnCode),
      ];
      return report("smtp", worstOf(codes), `${place}: ${texts.join(", ")}`, {
        perfdata: [timePerfdata(seconds, thresholds), ...(dialogue.certificate?.perfdata ?? [])],
        longOutput: options.isGiven("verbose") ? dialogue.transcript : [],
      });
    } catch (error) {
      if (error instanceof StoppedWaiting) throw error;
      return report("smtp", 2, `${place}: ${explainNetworkError(error)}`);
    }
  },
} satisfies Plugin;

interface Fault {
  readonly returnCode: ReturnCode;
  readonly text: string;
}

interface Dialogue {
  readonly faults: Fault[];
  readonly transcript: string[];
  certificate: CertificateJudgement | undefined;
}

async function converse(
  conversation: Conversation,
  host: string,
  options: OptionValues,
  context: PluginContext,
): Promise<Dialogue> {
  const dialogue: Dialogue = { faults: [], transcript: [], certificate: undefined };
  const say = async (command: string): Promise<{ code: number; text: string }> => {
    conversation.write(`${command}\r\n`);
    const reply = await readReply(conversation, `the answer to "${printable(command, 40)}"`);
    dialogue.transcript.push(`> ${command}`, ...reply.text.split("\n").map((line) => `< ${line}`));
    return reply;
  };
  const days = readCertificateDays(options, "certificate");
  const hello = `${options.isGiven("lmtp") ? "LHLO" : "EHLO"} ${options.text("fqdn") ?? hostname()}`;

  const greeting = await readReply(conversation, "the greeting");
  dialogue.transcript.push(`< ${greeting.text}`);
  const expected = options.text("expect") ?? "220";
  if (!greeting.text.includes(expected)) {
    dialogue.faults.push({
      returnCode: 1,
      text: `greeting is "${printable(greeting.text, 80)}", expected "${expected}"`,
    });
    return dialogue;
  }
  const hailed = await say(hello);
  if (options.isGiven("starttls")) {
    if (!/^250[ -]STARTTLS/im.test(hailed.text)) {
      dialogue.faults.push({ returnCode: 1, text: "the server does not offer STARTTLS" });
      return dialogue;
    }
    const answer = await say("STARTTLS");
    if (answer.code !== 220) {
      dialogue.faults.push({ returnCode: 3, text: `STARTTLS was answered "${printable(answer.text, 80)}"` });
      return dialogue;
    }
    const secured = await conversation.secure((plain) => startTls(plain, { serverName: host }, context.signal));
    const shown = describeCertificate(secured, host);
    if (days !== undefined && shown !== undefined) dialogue.certificate = judgeValidity(shown, days, context.now());
    await say(hello);
  }
  const from = options.text("from");
  const commands = [...(from === undefined ? [] : [`MAIL FROM:<${from}>`]), ...options.texts("command")];
  const responses = [...(from === undefined ? [] : ["250"]), ...options.texts("response")];
  for (const [index, command] of commands.entries()) {
    const reply = await say(command);
    const wanted = responses[index];
    if (wanted === undefined || reply.text.includes(wanted)) continue;
    dialogue.faults.push({
      returnCode: 1,
      text: `"${command}" was answered "${printable(reply.text, 80)}", expected "${wanted}"`,
    });
  }
  conversation.write("QUIT\r\n");
  return dialogue;
}
