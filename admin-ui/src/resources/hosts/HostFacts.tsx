import Button from "@mui/material/Button";
import type { Host } from "@mycloud/protocol/host";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { Confirm, useNotify, useRefresh } from "react-admin";
import { useConsole, useMayAct } from "../../providers/hooks.ts";
import { Facts, Panel } from "../../record/Panel.tsx";
import { formatLabel } from "../../selector/selector-text.ts";
import { formatDuration } from "../../time/duration.ts";
import { RelativeTime } from "../../time/RelativeTime.tsx";
import { TemplateLinks, useTemplatesOf } from "../templates/TemplateUse.tsx";

const origins = {
  operator: "added by an operator",
  enrolled: "enrolled by its agent",
  registered: "registered by a result",
} as const;

function freshnessText(host: Host): string {
  if (host.freshnessSeconds !== null) return `overdue after ${formatDuration(host.freshnessSeconds)}`;
  return host.agent ? "by its agent's keepalive" : "never overdue";
}

/** What is known of a host apart from its states. */
export function HostFacts({ host }: { host: Host }) {
  const labels = Object.entries(host.labels);
  const use = { kind: "Host", id: host.id } as const;
  const isTemplated = useTemplatesOf(use).length > 0;
  return (
    <Panel title="Host">
      <Facts
        facts={[
          [
            "Address",
            host.address === null ? null : (
              <span className="mono" key="address">
                {host.address}
              </span>
            ),
          ],
          ["Groups", host.groups.length > 0 ? host.groups.join(", ") : null],
          [
            "Labels",
            labels.length === 0 ? null : (
              <span className="row" style={{ gap: 4 }} key="labels">
                {labels.map(([name, value]) => (
                  <span key={name} className="label-chip">
                    {formatLabel(name, value)}
                  </span>
                ))}
              </span>
            ),
          ],
          ...(isTemplated ? [["Templates", <TemplateLinks key="templates" of={use} />] as const] : []),
          ["Customer", host.customer],
          ["Freshness", freshnessText(host)],
          [
            "Known",
            <span key="known">
              <RelativeTime atMs={host.createdAtMs} />, {origins[host.origin]}
            </span>,
          ],
          ["Agent", host.agent ? <AgentFacts key="agent" host={host} agent={host.agent} /> : "none"],
          ...(host.notes === ""
            ? []
            : [
                [
                  "Notes",
                  <span key="notes" className="wrap" style={{ whiteSpace: "pre-wrap" }}>
                    {host.notes}
                  </span>,
                ] as const,
              ]),
        ]}
      />
    </Panel>
  );
}

function AgentFacts({ host, agent }: { host: Host; agent: NonNullable<Host["agent"]> }) {
  const provider = useConsole();
  const mayAct = useMayAct();
  const notify = useNotify();
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => provider.revokeAgent(agent.id),
    onSuccess: () => {
      notify("Agent revoked", { type: "success" });
      refresh();
    },
    onError: (error) => notify(error.message, { type: "error" }),
  });
  return (
    <span className="row">
      <span>
        {agent.version}
        {agent.isRevoked ? <b className="tone-critical"> revoked</b> : null}, seen{" "}
        <RelativeTime atMs={agent.lastSeenAtMs} />
      </span>
      {mayAct && !agent.isRevoked ? (
        <Button color="error" onClick={() => setAsking(true)}>
          Revoke
        </Button>
      ) : null}
      <Confirm
        isOpen={isAsking}
        title={`Revoke the agent of ${host.name}?`}
        content="Its key is refused at once. The host keeps its history; enrolling again needs a new token."
        confirm="Revoke"
        confirmColor="warning"
        onConfirm={() => {
          setAsking(false);
          revoke.mutate();
        }}
        onClose={() => setAsking(false)}
      />
    </span>
  );
}
