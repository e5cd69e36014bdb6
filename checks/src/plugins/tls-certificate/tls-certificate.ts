import { readFileSync } from "node:fs";
import { openConnection } from "../../connection/connect.ts";
import { Conversation } from "../../connection/conversation.ts";
import { explainNetworkError } from "../../connection/explain-network-error.ts";
import { judgeTrust, judgeValidity } from "../../connection/judge-certificate.ts";
import { describeEndpoint, FAMILY_OPTIONS, readFamily, readPort } from "../../connection/network-options.ts";
import { describeCertificate, startTls } from "../../connection/secure.ts";
import type { Plugin } from "../../plugin/plugin.ts";
import { report } from "../../plugin/report.ts";
import { StoppedWaiting } from "../../plugin/stopped-waiting.ts";
import { worstOf } from "../../plugin-api/return-code.ts";
import { prepareStartTls, STARTTLS_PORTS, STARTTLS_PROTOCOLS } from "./start-tls.ts";

/** A server's certificate: days left, chain and name. */
export const tlsCertificate = {
  name: "tls-certificate",
  summary: "a server's TLS certificate: days left, trusted chain, right name",
  notes: "An expired certificate, one that no trusted authority vouches for, and one for another name are CRITICAL.",
  options: [
    { letter: "H", name: "hostname", value: "HOST", description: "name or address of the server" },
    { letter: "p", name: "port", value: "PORT", description: "its port (default 443, or that of --starttls)" },
    ...FAMILY_OPTIONS,
    { letter: "w", name: "warning", value: "DAYS", default: "21", description: "WARNING when fewer days are left" },
    { letter: "c", name: "critical", value: "DAYS", default: "7", description: "CRITICAL when fewer days are left" },
    { letter: "n", name: "name", value: "NAME", description: "name to ask for and expect, when it is not HOST" },
    {
      letter: "s",
      name: "starttls",
      value: "PROTOCOL",
      choices: STARTTLS_PROTOCOLS,
      description: "speak this first and go over to TLS",
    },
    { name: "ca-file", value: "FILE", description: "trust the authorities in this PEM file instead of the system's" },
    { name: "untrusted-ok", description: "do not judge who vouches for the certificate" },
    { name: "any-name", description: "do not judge for which name it is" },
  ],
  examples: [
    { arguments: "-H www.example.org -w 21 -c 7", description: "the defaults, written out" },
    { arguments: "-H mail.example.org --starttls smtp", description: "port 25, by STARTTLS" },
    { arguments: "-H 192.0.2.10 -n www.example.org", description: "one of several servers behind a name" },
  ],
  async run(options, context) {
    const host = options.requiredText("hostname");
    const protocol = options.text("starttls");
    const port = readPort(options) ?? STARTTLS_PORTS.get(protocol ?? "") ?? 443;
    const serverName = options.text("name") ?? host;
    const caFile = options.text("ca-file");
    const limits = {
      warningDays: options.number("warning", { min: 0 }) ?? 0,
      criticalDays: options.number("critical", { min: 0 }) ?? 0,
    };
    const secureOptions = { serverName, ...(caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") }) };
    const place = describeEndpoint(host, port);
    try {
      const socket = await openConnection({ host, port, family: readFamily(options) }, context.signal);
      const conversation = new Conversation(socket, context.signal);
      try {
        if (protocol !== undefined) await prepareStartTls(protocol, conversation);
        const secured = await conversation.secure((plain) => startTls(plain, secureOptions, context.signal));
        const certificate = describeCertificate(secured, serverName);
        if (certificate === undefined) return report("tls-certificate", 2, `${place} shows no certificate`);
        const validity = judgeValidity(certificate, limits, context.now());
        const judged = {
          ...certificate,
          ...(options.isGiven("untrusted-ok") ? { trustError: undefined } : {}),
          ...(options.isGiven("any-name") ? { nameError: undefined } : {}),
          // Said once: an expired certificate is not trusted for that reason.
          ...(validity.returnCode === 2 && certificate.trustError === "CERT_HAS_EXPIRED"
            ? { trustError: undefined }
            : {}),
        };
        const trust = judgeTrust(judged);
        const text = [trust.text, validity.text, `issued by '${certificate.issuer}'`]
          .filter((part) => part !== "")
          .join("; ");
        return report("tls-certificate", worstOf([validity.returnCode, trust.returnCode]), `${place}: ${text}`, {
          perfdata: validity.perfdata,
          longOutput: options.isGiven("verbose") ? [`${secured.getProtocol()}, ${secured.getCipher().name}`] : [],
        });
      } finally {
        conversation.close();
        socket.destroy();
      }
    } catch (error) {
      if (error instanceof StoppedWaiting) throw error;
      return report("tls-certificate", 2, `${place}: ${explainNetworkError(error)}`);
    }
  },
} satisfies Plugin;
