import type { Stored } from "@mycloud/protocol/definition";
import { BooleanInput, NumberInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { ChoicesInput } from "../../form/ChoicesInput.tsx";
import { NameInput } from "../../form/NamesInput.tsx";
import { SecretInput } from "../../form/SecretInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";

function LogSenderInputs() {
  return (
    <>
      <fieldset>
        <legend>Who</legend>
        <ChoicesInput
          source="protocols"
          label="Sends by"
          choices={["syslog", "forward", "http"]}
          helperText="http: POST /api/v1/logs, a JSON object a line"
        />
        <WordsInput
          source="networks"
          label="From addresses and networks"
          placeholder="192.0.2.0/24, 2001:db8::1"
          helperText="empty: from anywhere, but only with a user or shared key"
        />
        <div className="form-grid">
          <TextInput source="username" label="User" helperText="Forward and HTTP; empty: none" />
          <SecretInput source="password" label="Password" />
        </div>
        <SecretInput source="secret" label="Shared key" helperText="Forward; empty: none" />
        <BooleanInput source="isEnabled" label="Enabled" helperText={false} />
      </fieldset>
      <fieldset>
        <legend>Its records</legend>
        <TextInput source="host" label="Are of the host" helperText="empty: as each record says" />
        <NameInput
          source="customer"
          label="Are the customer's"
          reference="customers"
          helperText="empty: the customer's whose host it is"
        />
      </fieldset>
      <fieldset>
        <legend>How much</legend>
        <div className="form-grid">
          <NumberInput
            source="maximumLinesPerSecond"
            label="At most so many lines a second"
            min={1}
            helperText="empty: no limit"
          />
          <NumberInput
            source="maximumBytesPerDay"
            label="At most so many bytes a day"
            min={1}
            helperText="empty: no limit"
          />
        </div>
      </fieldset>
    </>
  );
}

function wayText({ networks, username, secret }: Stored<"LogSender">): string {
  const ways = [
    ...networks,
    ...(username === null ? [] : [`user ${username}`]),
    ...(secret === null ? [] : ["shared key"]),
  ];
  return ways.join(", ") || "nobody yet";
}

export const logSenderPages = createPages<"LogSender">({
  kind: "LogSender",
  title: "Log senders",
  subtitle: "Devices, rsyslogs and fluentds that may send logs here, beside agents",
  empty:
    "Agents need none of these. A switch, a router or another log server is let in by its address, or by a user and password; nobody else is.",
  firsts: [
    {
      text: "Let in devices by syslog",
      record: { name: "devices", protocols: ["syslog"], networks: [], maximumLinesPerSecond: 2000 },
    },
  ],
  columns: [
    { key: "protocols", label: "By", width: 150, render: ({ protocols }) => protocols.join(", ") },
    {
      key: "way",
      label: "Who",
      narrow: "full",
      render: (sender) => <span className="clip">{wayText(sender)}</span>,
    },
    { key: "host", label: "Host", width: "18%", narrow: "hide", render: ({ host }) => host ?? "as records say" },
  ],
  Inputs: LogSenderInputs,
  facts: (sender) => [
    ["Sends by", sender.protocols.join(", ")],
    ["Who", wayText(sender)],
    ["Its records are of", sender.host ?? "the host that each says"],
    ["Customer", sender.customer],
    ["At most a second", sender.maximumLinesPerSecond === null ? null : `${sender.maximumLinesPerSecond} lines`],
    ["At most a day", sender.maximumBytesPerDay === null ? null : `${sender.maximumBytesPerDay} bytes`],
  ],
});
