import { DiscoveredKind, type ServiceProposal } from "@mycloud/protocol/service-proposal";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import type { Column } from "../../list/column.ts";
import { ChoiceFilter, TextFilter } from "../../list/FilterField.tsx";
import { ListPage } from "../../list/ListPage.tsx";
import type { ListView } from "../../list/list-view.ts";
import { useMayAccess } from "../../providers/hooks.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { DecisionButtons } from "./DecisionButtons.tsx";
import { commandText, phaseText } from "./proposal-text.ts";

const views: readonly ListView[] = [
  { name: "To decide", filter: { phase: "proposed", isVanished: false } },
  { name: "Approved", filter: { phase: "approved" } },
  { name: "Rejected", filter: { phase: "rejected" } },
  { name: "Gone", filter: { isVanished: true } },
  { name: "All", filter: {} },
];

const kinds = DiscoveredKind.options;

const columns: readonly Column<ServiceProposal>[] = [
  {
    key: "host",
    label: "Host",
    sortBy: "hostName",
    width: "17%",
    render: (proposal) => (
      <Link className="strong clip" to={`/hosts/${proposal.hostId}/show`}>
        {proposal.hostName}
      </Link>
    ),
  },
  {
    key: "what",
    label: "What was found",
    sortBy: "title",
    narrow: "grow",
    render: (proposal) => (
      <span className="clip" title={proposal.title}>
        {proposal.title}
      </span>
    ),
  },
  {
    key: "service",
    label: "Service",
    width: "15%",
    narrow: "hide",
    render: (proposal) => <span className="clip">{proposal.check.serviceName}</span>,
  },
  {
    key: "check",
    label: "Check",
    narrow: "full",
    render: (proposal) => (
      <code className="mono clip" title={commandText(proposal)}>
        {commandText(proposal)}
      </code>
    ),
  },
  {
    key: "found",
    label: "Found",
    sortBy: "firstSeenAtMs",
    width: 104,
    narrow: "hide",
    render: (proposal) => <RelativeTime atMs={proposal.firstSeenAtMs} />,
  },
  {
    key: "phase",
    label: "Phase",
    width: 124,
    render: (proposal) => <span title={proposal.decidedByName ?? ""}>{phaseText(proposal)}</span>,
  },
];

/** What agents found on their hosts, with the decisions on it. */
export function ServiceProposalList() {
  const mayDecide = useMayAccess("act", "service-proposals");
  return (
    <ListPage<ServiceProposal>
      title="Discovered"
      subtitle="What agents found on their hosts that nobody watches; nothing is watched before you approve it"
      columns={columns}
      sort={{ field: "hostName", order: "ASC" }}
      defaultFilter={{ phase: "proposed", isVanished: false }}
      views={views}
      filters={
        <>
          <TextFilter source="q" label="Words" />
          <TextFilter source="hostName" label="Host" width={130} />
          <ChoiceFilter
            label="Kind"
            choices={[{ text: "Any kind", filter: {} }, ...kinds.map((kind) => ({ text: kind, filter: { kind } }))]}
          />
        </>
      }
      bulkActions={mayDecide ? (chosen, onDone) => <DecisionButtons proposals={chosen} onDone={onDone} /> : undefined}
      empty={
        <Message title="Nothing to decide">
          <p>
            Choose <Link to="/hosts">hosts</Link> and have their agents look, or type{" "}
            <code className="mono">mycloud agent discover</code> on a host.
          </p>
        </Message>
      }
    />
  );
}
