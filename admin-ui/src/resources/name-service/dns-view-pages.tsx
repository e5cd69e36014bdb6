import { NumberInput } from "react-admin";
import { createPages } from "../../definition/create-pages.tsx";
import { AccessRulesInput, accessText } from "./AccessRulesInput.tsx";

function DnsViewInputs() {
  return (
    <fieldset>
      <legend>Who sees it</legend>
      <NumberInput
        source="order"
        label="Order"
        min={0}
        helperText="Of the views that a client is in, the one with the lowest number answers"
      />
      <AccessRulesInput source="clients" empty="Nobody yet." />
    </fieldset>
  );
}

export const dnsViewPages = createPages<"DnsView">({
  kind: "DnsView",
  title: "DNS views",
  subtitle: "Other answers for other clients: a zone may be in a view, and is then seen by its clients alone",
  empty: "Without views everybody is answered from the same zones.",
  firsts: [
    {
      text: "Clients inside",
      record: {
        name: "inside",
        clients: [{ prefixes: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fd00::/8"], key: null }],
      },
    },
  ],
  columns: [
    { key: "order", label: "Order", width: 90, render: ({ order }) => order },
    { key: "clients", label: "Clients", render: ({ clients }) => <span className="clip">{accessText(clients)}</span> },
  ],
  Inputs: DnsViewInputs,
  facts: ({ order, clients }) => [
    ["Order", order],
    ["Clients", accessText(clients)],
  ],
});
