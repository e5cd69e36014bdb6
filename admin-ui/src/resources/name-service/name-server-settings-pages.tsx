import { BooleanInput, NumberInput, TextInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { OptionalPart } from "../../form/OptionalPart.tsx";
import { RowsInput } from "../../form/RowsInput.tsx";
import { WordsInput } from "../../form/WordsInput.tsx";
import { AccessRulesInput, accessText } from "./AccessRulesInput.tsx";

const freshRateLimit = { responsesPerSecond: 50, nameErrorsPerSecond: 20, errorsPerSecond: 10, slip: 2, exempt: [] };
const freshForwarding = () => ({
  clients: [{ prefixes: ["127.0.0.0/8", "::1/128"], key: null }],
  resolvers: [freshResolver()],
  cachedAnswers: 10_000,
});
const freshResolver = () => ({ address: "", port: 53, isTls: false, serverName: null });

function NameServerSettingsInputs() {
  return (
    <>
      <fieldset>
        <legend>Answers</legend>
        <AccessRulesInput source="allowQuery" empty="Nobody is answered." />
        <WordsInput
          source="defaultNameServers"
          label="Name servers of new zones"
          placeholder="ns1.example.net., ns2.example.net."
          helperText="NS records that a zone is created with when it names none"
        />
        <TextInput
          source="nsid"
          label="NSID"
          parse={(text) => text || null}
          helperText="What it calls itself to who asks (dig +nsid)"
        />
      </fieldset>
      <fieldset>
        <legend>Limits</legend>
        <OptionalPart source="rateLimit" label="Response-rate limiting" fresh={() => freshRateLimit}>
          <div className="form-grid">
            <NumberInput
              source="rateLimit.responsesPerSecond"
              label="Answers a second"
              min={0}
              helperText="to a network, alike; 0: no limit"
            />
            <NumberInput source="rateLimit.nameErrorsPerSecond" label="NXDOMAIN a second" min={0} helperText={false} />
            <NumberInput source="rateLimit.errorsPerSecond" label="Errors a second" min={0} helperText={false} />
            <NumberInput
              source="rateLimit.slip"
              label="Slip"
              min={0}
              max={10}
              helperText="each n-th is sent truncated; 0: none"
            />
          </div>
          <WordsInput source="rateLimit.exempt" label="Not for" placeholder="192.0.2.0/24" />
        </OptionalPart>
        <NumberInput
          source="queryLogOneIn"
          label="Log one question in"
          min={1}
          helperText="empty: none is logged; 1: each"
        />
      </fieldset>
      <fieldset>
        <legend>Forwarding</legend>
        <OptionalPart source="forwarding" label="Ask resolvers for clients inside" fresh={freshForwarding}>
          <AccessRulesInput source="forwarding.clients" empty="Nobody." />
          <RowsInput source="forwarding.resolvers" noun="resolver" fresh={freshResolver}>
            {(path) => (
              <div className="form-grid">
                <TextInput source={`${path}.address`} label="Address" helperText={false} />
                <NumberInput source={`${path}.port`} label="Port" min={1} max={65_535} helperText={false} />
                <BooleanInput source={`${path}.isTls`} label="DNS over TLS" helperText={false} />
                <TextInput
                  source={`${path}.serverName`}
                  label="Its name"
                  parse={(text) => text || null}
                  helperText="for TLS"
                />
              </div>
            )}
          </RowsInput>
          <NumberInput source="forwarding.cachedAnswers" label="Answers kept" min={0} helperText={false} />
        </OptionalPart>
      </fieldset>
    </>
  );
}

export const nameServerSettingsPages = createPages<"NameServerSettings">({
  kind: "NameServerSettings",
  title: "Name server settings",
  subtitle: "What all name servers are told besides zones",
  empty:
    "Name servers answer everybody for our zones, without limits and without forwarding, until there are settings named default.",
  firsts: [{ text: "The usual ones", record: { name: "default", rateLimit: freshRateLimit } }],
  nameHelp: "default counts for all, unless a name server asks for others by name",
  columns: [
    {
      key: "allow",
      label: "Answers",
      render: ({ allowQuery }) => <span className="clip">{accessText(allowQuery)}</span>,
    },
    { key: "rate", label: "Rate limit", width: 110, render: ({ rateLimit }) => (rateLimit === null ? "off" : "on") },
    {
      key: "forwarding",
      label: "Forwarding",
      width: 110,
      render: ({ forwarding }) => (forwarding === null ? "off" : "on"),
    },
  ],
  Inputs: NameServerSettingsInputs,
  facts: ({ allowQuery, nsid, rateLimit, forwarding, queryLogOneIn, defaultNameServers }) => [
    ["Answers", accessText(allowQuery)],
    ["NSID", nsid],
    ["Answers a second", rateLimit === null ? "no limit" : rateLimit.responsesPerSecond],
    ["Forwards to", forwarding?.resolvers.map(({ address, port }) => `${address} port ${port}`).join(", ")],
    ["Logs", queryLogOneIn === null ? "no questions" : `one question in ${queryLogOneIn}`],
    ["Name servers of new zones", defaultNameServers.join(", ") || null],
  ],
});
