import { BooleanInput } from "react-admin";
import { Link } from "react-router-dom";
import { createPages } from "../../definition/create-pages.tsx";
import { NamesInput } from "../../form/NamesInput.tsx";
import { Panel } from "../../record/Panel.tsx";
import { SelectorInput } from "../../selector/SelectorInput.tsx";
import { SelectorCoverage, SelectorPreviewBox } from "../../selector/SelectorPreviewBox.tsx";
import { hostSelectorText } from "../../selector/selector-text.ts";
import { LogInputInputs } from "./LogInputInputs.tsx";
import { ParserInputs, SieveInputs } from "./LogShapeInputs.tsx";
import { goalText, inputText, parserNames, redactionText, sieveText } from "./log-source-text.ts";

function LogSourceInputs() {
  return (
    <>
      <fieldset>
        <legend>Which hosts</legend>
        <SelectorInput source="selector" hasServices={false} />
        <SelectorPreviewBox source="selector" />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <LogInputInputs />
      <ParserInputs />
      <SieveInputs />
      <fieldset>
        <legend>Where records go</legend>
        <BooleanInput source="isSentToControlPlane" label="Here: kept and searched" helperText={false} />
        <NamesInput
          source="destinations"
          label="Log destinations"
          reference="log-destinations"
          helperText="a fluentd or Fluent Bit that agents send to by themselves, besides or instead"
        />
      </fieldset>
    </>
  );
}

export const logSourcePages = createPages<"LogSource">({
  kind: "LogSource",
  title: "Log sources",
  subtitle: "Which logs of which hosts are read, what becomes of a line, and where records go",
  empty:
    "A log source has the agents of its hosts read files, the journal or a command, and send what comes: it then is under Logs. The journal is a good beginning where systemd runs.",
  firsts: [
    { text: "Read the journal", record: { name: "journal", selector: {}, input: { type: "journal" } } },
    {
      text: "Read /var/log/syslog",
      record: {
        name: "syslog",
        selector: {},
        input: { type: "file", paths: ["/var/log/syslog"] },
        parser: { type: "syslog" },
      },
    },
  ],
  columns: [
    {
      key: "input",
      label: "Reads",
      narrow: "full",
      render: ({ input }) => (
        <code className="mono clip" title={inputText(input)}>
          {inputText(input)}
        </code>
      ),
    },
    {
      key: "hosts",
      label: "Of",
      width: "22%",
      narrow: "full",
      render: ({ selector }) => <span className="clip">{hostSelectorText(selector)}</span>,
    },
    { key: "goal", label: "To", width: 130, render: (source) => <span className="clip">{goalText(source)}</span> },
  ],
  defaults: () => ({ selector: {}, input: { type: "journal" } }),
  nameHelp: "Unique; records are found by it: source:name",
  Inputs: LogSourceInputs,
  facts: (source) => [
    ["Hosts", hostSelectorText(source.selector)],
    [
      "Reads",
      <code key="input" className="mono wrap">
        {inputText(source.input)}
      </code>,
    ],
    [
      "Understood as",
      source.parser.type === "regex" ? (
        <code key="parser" className="mono wrap">
          {source.parser.pattern}
        </code>
      ) : (
        parserNames[source.parser.type]
      ),
    ],
    ["Program", source.service],
    ["Taken out before", redactionText(source.redaction) ?? "nothing"],
    ["Left out", sieveText(source.sieve)],
    ["Sent", goalText(source)],
    [
      "Records",
      <Link key="records" to={`/logs?${new URLSearchParams({ q: `source:"${source.name}"` })}`}>
        search them
      </Link>,
    ],
  ],
  Panels: ({ record }) => (
    <Panel title="Which hosts, now">
      <SelectorCoverage selector={record.selector} />
    </Panel>
  ),
});
