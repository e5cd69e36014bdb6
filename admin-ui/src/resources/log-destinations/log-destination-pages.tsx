import { createPages } from "../../definition/create-pages.tsx";
import { ForwardServerInputs } from "./ForwardServerInputs.tsx";
import { forwardServerText, signInText } from "./forward-server-text.ts";

export const logDestinationPages = createPages<"LogDestination">({
  kind: "LogDestination",
  title: "Log destinations",
  subtitle: "Where agents send logs by themselves, besides here: fluentd, Fluent Bit, whatever speaks Forward",
  empty: "Without one, agents send their logs here only. Log sources name the destinations that their records go to.",
  columns: [
    {
      key: "address",
      label: "Address",
      narrow: "full",
      render: (destination) => <code className="mono clip">{forwardServerText(destination)}</code>,
    },
    { key: "signIn", label: "Signs in by", width: 190, render: (destination) => signInText(destination) ?? "—" },
  ],
  Inputs: () => (
    <fieldset>
      <legend>Where it is</legend>
      <ForwardServerInputs />
    </fieldset>
  ),
  facts: (destination) => [
    ["Address", forwardServerText(destination)],
    ["Signs in by", signInText(destination) ?? "nothing"],
    ["Certificate authority", destination.tls === null ? null : destination.tls.ca ? "its own" : "the machine's"],
    ["Name in the certificate", destination.tls?.serverName ?? null],
  ],
});
